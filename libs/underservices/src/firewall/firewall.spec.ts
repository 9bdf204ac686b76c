import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkModel, compileUnderservice, labelTelemetry } from '../compile-underservice.js';
import { FIREWALL_ACTIONS, FIREWALL_COUNTERS, FIREWALL_MAX_RULES } from './compile.js';
import type { Binding } from '../underservice-kind.js';

const header = readFileSync(new URL('../../../../bpf/firewall/firewall.h', import.meta.url), 'utf8');
const source = readFileSync(new URL('../../../../bpf/firewall/firewall.bpf.c', import.meta.url), 'utf8');

const binding: Binding = {
  port: 'web',
  direction: 'inbound',
  hook: 'tcx/egress',
  addresses: new Map([
    ['web', ['10.60.0.2', 'fd60::2']],
    ['client', ['10.60.0.3', 'fd60::3']],
    ['old', ['10.60.0.4']],
  ]),
};
const zeros = Array.from({ length: 16 }, () => 0);

describe('a firewall model becomes the rules of its plugin', () => {
  it('in the order of its author, a port name once per family that both ends have', () => {
    const config = compileUnderservice(
      'firewall',
      {
        rules: [
          { name: 'site', from: 'client', to: 'web', protocol: 'tcp', ports: 8080, action: 'allow' },
          { name: 'old', from: 'old', to: 'web', protocol: 'udp', source_ports: '1-9', action: 'deny' },
          { name: 'net', from: '10.60.0.77/20', action: 'allow' },
          { name: 'ping', protocol: 'icmp', action: 'allow' },
        ],
      },
      binding,
    );
    expect(config.rodata).toEqual({ firewall_config: { rule_count: 5, default_action: 1 } });
    expect(config.maps['rules']?.map(({ key, value }) => [key, summary(value)])).toEqual([
      [0, '4 6 0 ::ffff:10.60.0.3/128 ::ffff:10.60.0.2/128 0-65535 8080-8080'],
      [1, '6 6 0 fd60:0:0:0:0:0:0:3/128 fd60:0:0:0:0:0:0:2/128 0-65535 8080-8080'],
      [2, '4 17 1 ::ffff:10.60.0.4/128 ::ffff:10.60.0.2/128 1-9 0-65535'],
      [3, '4 0 0 ::ffff:10.60.0.0/116 any 0-65535 0-65535'],
      [4, '0 1 0 any any 0-65535 0-65535'],
    ]);
  });

  it('holds as many as the plugin, and says so when there are more', () => {
    const rules = Array.from({ length: 129 }, (_, i) => ({
      name: `r${i}`,
      from: 'client',
      to: 'web',
      action: 'allow',
    }));
    const config = compileUnderservice('firewall', { rules: rules.slice(1) }, binding);
    expect(config.rodata).toMatchObject({ firewall_config: { rule_count: FIREWALL_MAX_RULES } });
    expect(() => compileUnderservice('firewall', { rules }, binding)).toThrow(/129 rules become 258/);
  });

  it('with the fields and numbers of the header', () => {
    const config = compileUnderservice('firewall', { rules: [{ name: 'a', action: 'deny' }] }, binding);
    expect(Object.keys(config.rodata['firewall_config'] ?? {})).toEqual(fieldsOf('firewall_config'));
    const [rule] = config.maps['rules'] ?? [];
    expect(Object.keys(rule?.value ?? {})).toEqual(fieldsOf('firewall_rule'));
    expect(rule?.value).toHaveProperty('source');
    const { source: prefix } = Object(rule?.value) as { source: Record<string, unknown> };
    expect(Object.keys(prefix)).toEqual(fieldsOf('firewall_prefix'));
    expect(header).toContain(`#define FIREWALL_MAX_RULES ${FIREWALL_MAX_RULES}\n`);
    expect(enumOf('firewall_action')).toEqual(['PASS', 'DROP']);
    expect(FIREWALL_ACTIONS).toEqual({ allow: 0, deny: 1 });
    expect(enumOf('firewall_counter').map((name) => name.toLowerCase())).toEqual([
      ...FIREWALL_COUNTERS,
      'counters',
    ]);
    for (const map of ['rules', 'rule_counters', 'counters']) {
      expect(source).toMatch(new RegExp(`\\} ${map} SEC\\("\\.maps"\\)`));
    }
    expect(source).toContain('const volatile struct firewall_config firewall_config');
  });
});

/** As the profile fills it in. */
const rule = (given: Record<string, unknown>) => ({
  name: 'a',
  from: 'any',
  to: 'any',
  protocol: 'any',
  action: 'deny',
  ...given,
});

describe('what is wrong with a firewall model', () => {
  const context = { ports: ['web', 'client'] };
  it.each<[string, unknown[], unknown[]]>([
    ['nothing', [], []],
    [
      'a port that is not there',
      [rule({ from: 'cleint' })],
      [['REFERENCE_UNKNOWN', 'rules.0.from', 'client']],
    ],
    ['ports without a protocol', [rule({ ports: '80' })], [['RULE_INVALID', 'rules.0.ports', undefined]]],
    [
      'ends of two families',
      [rule({ from: '10.0.0.0/8', to: 'fd00::/8' })],
      [['RULE_INVALID', 'rules.0.to', undefined]],
    ],
    [
      'a name twice, and a rule behind one that matches everything',
      [rule({}), rule({ protocol: 'tcp', action: 'allow' })],
      [
        ['NAME_DUPLICATE', 'rules.1.name', undefined],
        ['RULE_UNREACHABLE', 'rules.1.name', undefined],
      ],
    ],
    [
      'values that are not known yet',
      [rule({ from: Symbol('unresolved'), protocol: Symbol('unresolved'), ports: '80' })],
      [],
    ],
  ])('%s', (_what, rules, expected) => {
    const findings = checkModel('firewall', { default: 'deny', rules }, context);
    expect(findings.map(({ code, path, nearest }) => [code, path.join('.'), nearest])).toEqual(expected);
  });

  it('is refused when it is compiled all the same', () => {
    expect(() => compileUnderservice('firewall', { rules: [rule({ from: 'x' })] }, binding)).toThrow(
      /rules\.0\.from: x is neither/,
    );
    expect(() => compileUnderservice('fierwall', {}, binding)).toThrow(/Use firewall\./);
  });
});

it('counters get the names of rules: those of one rule are added up, empty slots are left out', () => {
  const model = {
    rules: [
      { name: 'site', from: 'client', to: 'web', action: 'allow' },
      { name: 'ping', protocol: 'icmp', action: 'allow' },
    ],
  };
  const rows = [3, 4, 5, 0].map((packets, key) => ({ key, value: { packets, bytes: packets * 100 } }));
  const labelled = labelTelemetry(
    'firewall',
    model,
    { rule_counters: rows, counters: rows, other: rows },
    binding.addresses,
  );
  expect(labelled['rule_counters']).toEqual([
    { key: 0, label: 'site', value: { packets: 7, bytes: 700 } },
    { key: 2, label: 'ping', value: { packets: 5, bytes: 500 } },
  ]);
  expect(labelled['counters']?.map(({ label }) => label)).toEqual([...FIREWALL_COUNTERS]);
  expect(labelled['other']).toEqual(rows);
  const unused = labelTelemetry('firewall', model, { rule_counters: rows.slice(2, 3) }, binding.addresses);
  expect(unused['rule_counters']).toEqual([
    { key: 0, label: 'site', value: { packets: 0, bytes: 0 } },
    { key: 2, label: 'ping', value: { packets: 5, bytes: 500 } },
  ]);
});

function summary(value: unknown): string {
  const rule = value as Record<string, number> & Record<'source' | 'destination', Prefix>;
  return [
    rule['family'],
    rule['protocol'],
    rule['action'],
    show(rule.source),
    show(rule.destination),
    `${rule['source_port_first']}-${rule['source_port_last']}`,
    `${rule['destination_port_first']}-${rule['destination_port_last']}`,
  ].join(' ');
}

interface Prefix {
  address: number[];
  mask: number[];
}

function show({ address, mask }: Prefix): string {
  if (mask.join() === zeros.join()) return 'any';
  const length = mask.reduce((sum, byte) => sum + byte.toString(2).replaceAll('0', '').length, 0);
  const mapped = address.slice(0, 12).join() === [...zeros.slice(0, 10), 255, 255].join();
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((address[2 * i] ?? 0) << 8) | (address[2 * i + 1] ?? 0)).toString(16),
  );
  return `${mapped ? `::ffff:${address.slice(12).join('.')}` : groups.join(':')}/${length}`;
}

/** Names of a struct's fields, in order. */
function fieldsOf(struct: string): string[] {
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  return [...body.replaceAll(/\/\*[^]*?\*\//g, '').matchAll(/(\w+)(?:\[\d+\])?;/g)].map(
    (match) => match[1] ?? '',
  );
}

/** Names of an enum without the prefix that all share. */
function enumOf(name: string): string[] {
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  const bare = body.replaceAll(/\/\*[^]*?\*\//g, '');
  return [...bare.matchAll(/FIREWALL_(\w+)/g)].map((match) => match[1] ?? '');
}
