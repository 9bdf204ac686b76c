import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkModel, compileUnderservice, labelTelemetry } from '../compile-underservice.js';
import { FIREWALL_MAX_DEPTH, FIREWALL_MAX_LEAF, FIREWALL_MAX_TREES } from './build-forest.js';
import { FIREWALL_ACTIONS, FIREWALL_COUNTERS, FIREWALL_MAX_RULES, FIREWALL_STATES } from './compile.js';
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
    expect(config.rodata).toMatchObject({ firewall_config: { default_action: 1, loose: 1, trees: 1 } });
    expect(config.maps['rules']?.map(({ key, value }) => [key, summary(value)])).toEqual([
      [0, '4 6 0 ::ffff:10.60.0.3/128 ::ffff:10.60.0.2/128 0-65535 8080-8080'],
      [1, '6 6 0 fd60:0:0:0:0:0:0:3/128 fd60:0:0:0:0:0:0:2/128 0-65535 8080-8080'],
      [2, '4 17 1 ::ffff:10.60.0.4/128 ::ffff:10.60.0.2/128 1-9 0-65535'],
      [3, '4 0 0 ::ffff:10.60.0.0/116 any 0-65535 0-65535'],
      [4, '0 1 0 any any 0-65535 0-65535'],
    ]);
  });

  it('a group once for each of its members, which may be groups', () => {
    const config = compileUnderservice(
      'firewall',
      {
        groups: [
          { name: 'offices', members: ['192.0.2.0/25', '198.51.100.7', 'client'] },
          { name: 'all', members: ['offices', '192.0.2.0/25', '2001:db8::/32'] },
        ],
        rules: [{ name: 'site', from: 'all', to: 'web', protocol: 'tcp', action: 'allow', log: 9 }],
      },
      binding,
    );
    expect(config.maps['rules']?.map(({ value }) => summary(value).split(' ')[3])).toEqual([
      '::ffff:192.0.2.0/121',
      '::ffff:198.51.100.7/128',
      '::ffff:10.60.0.3/128',
      'fd60:0:0:0:0:0:0:3/128',
      '2001:db8:0:0:0:0:0:0/32',
    ]);
    expect(config.mapSizes).toMatchObject({ rules: 5, rule_counters: 1 });
    expect(config.maps['rules']?.[4]?.value).toMatchObject({ number: 0, log: 9 });
  });

  it('with the times and sizes of its author', () => {
    const model = { tcp_timeout: 60.5, udp_timeout: 20, connections: 2000, strict: true, default: 'allow' };
    const { rodata, mapSizes } = compileUnderservice('firewall', model, binding);
    const { timeouts, ...config } = Object(rodata['firewall_config']) as { timeouts: number[] };
    const byState = Object.fromEntries(FIREWALL_STATES.map((state, i) => [state, timeouts[i]]));
    expect(byState).toMatchObject({ established: 61, stream: 20, syn_sent: 120 });
    expect(timeouts.every((seconds) => seconds > 0)).toBe(true);
    expect(config).toMatchObject({ loose: 0, default_action: 0 });
    expect(mapSizes).toMatchObject({ connections: 2000, pending: 500, rules: 1, nodes: 1, candidates: 1 });
  });

  it('names a rule by a number that depends on its name alone', () => {
    const [first, second] = ids(['a', 'b']) ?? [];
    expect(ids(['b'])?.[0]?.id).toBe(second?.id);
    expect(first?.id).not.toBe(second?.id);
  });

  it('holds ten thousand rules, and says so when there are more than the plugin holds', () => {
    const config = compileUnderservice('firewall', { rules: hosts(10_000) }, binding);
    expect(config.mapSizes).toMatchObject({ rules: 10_000, rule_counters: 10_000 });
    const groups = [{ name: 'many', members: hosts(300).map(({ from }) => from) }];
    const rules = [{ name: 'a', from: 'many', to: 'many', action: 'allow' }];
    expect(() => compileUnderservice('firewall', { groups, rules }, binding)).toThrow(
      new RegExp(`1 rules become more than the ${FIREWALL_MAX_RULES} `),
    );
  });

  it('with the fields and numbers of the header', () => {
    const config = compileUnderservice('firewall', { rules: [{ name: 'a', action: 'deny' }] }, binding);
    expect(Object.keys(config.rodata['firewall_config'] ?? {})).toEqual(fieldsOf('firewall_config'));
    const [rule] = config.maps['rules'] ?? [];
    expect(Object.keys(rule?.value ?? {})).toEqual(fieldsOf('firewall_rule'));
    const { source: prefix } = Object(rule?.value) as { source: Record<string, unknown> };
    expect(Object.keys(prefix)).toEqual(fieldsOf('firewall_prefix'));
    expect(Object.keys(config.maps['nodes']?.[0]?.value ?? {})).toEqual(fieldsOf('firewall_node'));
    expect([defined('MAX_TREES'), defined('MAX_DEPTH'), defined('MAX_LEAF')]).toEqual([
      FIREWALL_MAX_TREES,
      FIREWALL_MAX_DEPTH,
      FIREWALL_MAX_LEAF,
    ]);
    expect(enumOf('firewall_action')).toEqual(['PASS', 'DROP']);
    expect(FIREWALL_ACTIONS).toEqual({ allow: 0, deny: 1 });
    const lower = (name: string) => enumOf(name).map((value) => value.toLowerCase());
    expect(lower('firewall_counter')).toEqual([...FIREWALL_COUNTERS, 'counters']);
    expect(lower('firewall_state')).toEqual([...FIREWALL_STATES, 'states']);
    for (const map of [...Object.keys(config.maps), ...Object.keys(config.mapSizes)])
      expect(source).toMatch(new RegExp(`\\} ${map} SEC\\("\\.maps"\\)`));
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

it('what is wrong with groups is found: names that are taken, members that are not there, circles', () => {
  const findings = checkModel(
    'firewall',
    {
      groups: [
        { name: 'web', members: ['192.0.2.0/24'] },
        { name: 'good', members: ['web', '2001:db8::1', 'other'] },
        { name: 'other', members: ['wbe'] },
        { name: 'a', members: ['b'] },
        { name: 'b', members: ['good', 'a'] },
      ],
      rules: [rule({ from: 'good', to: 'goood' })],
    },
    { ports: ['web', 'client'] },
  );
  expect(findings.map(({ code, path, nearest }) => [code, path.join('.'), nearest])).toEqual([
    ['NAME_DUPLICATE', 'groups.0.name', undefined],
    ['REFERENCE_UNKNOWN', 'groups.2.members.0', 'web'],
    ['RULE_INVALID', 'groups.3.members', undefined],
    ['RULE_INVALID', 'groups.4.members', undefined],
    ['REFERENCE_UNKNOWN', 'rules.0.to', 'good'],
  ]);
});

it('counters get the names of rules, and of what no rule decides', () => {
  const model = {
    rules: [
      { name: 'site', from: 'client', to: 'web', protocol: 'tcp', ports: '80-81', action: 'allow' },
      { name: 'ping', protocol: 'icmp', action: 'allow' },
    ],
  };
  const rows = [3, 4].map((packets, key) => ({ key, value: { packets, bytes: packets * 100 } }));
  const labelled = labelTelemetry('firewall', model, { rule_counters: rows, counters: rows, other: rows });
  expect(labelled['rule_counters']).toEqual([
    {
      key: 0,
      label: 'site',
      about: 'allow tcp from client to web ports 80-81',
      value: { packets: 3, bytes: 300 },
    },
    { key: 1, label: 'ping', about: 'allow icmp from any to any', value: { packets: 4, bytes: 400 } },
  ]);
  expect(labelled['counters']?.map(({ label }) => label)).toEqual([...FIREWALL_COUNTERS]);
  expect(labelled['counters']?.[0]?.about).toBe('deny: no rule matched');
  expect(labelled['other']).toEqual(rows);
  const unused = labelTelemetry('firewall', model, { rule_counters: rows.slice(1) });
  expect(unused['rule_counters']?.[0]).toMatchObject({ label: 'site', value: { packets: 0, bytes: 0 } });
});

function ids(names: string[]): { id: number }[] | undefined {
  const rules = names.map((name) => ({ name, action: 'deny' }));
  const { maps } = compileUnderservice('firewall', { rules }, binding);
  return maps['rules']?.map(({ value }) => Object(value) as { id: number });
}

/** Rules of one host each. */
function hosts(count: number) {
  return Array.from({ length: count }, (_, i) => ({
    name: `r${i}`,
    from: `10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`,
    to: 'web',
    action: 'allow',
  }));
}

function defined(name: string): number {
  return Number(new RegExp(`#define FIREWALL_${name} (\\d+)`).exec(header)?.[1]);
}

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
  if (mask.every((word) => word === 0)) return 'any';
  const length = mask.reduce((sum, word) => sum + word.toString(2).replaceAll('0', '').length, 0);
  const bytes = address.flatMap((word) => [word >>> 24, (word >>> 16) & 255, (word >>> 8) & 255, word & 255]);
  const groups = Array.from({ length: 8 }, (_, i) =>
    (((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0)).toString(16),
  );
  return `${address[2] === 0xffff ? `::ffff:${bytes.slice(12).join('.')}` : groups.join(':')}/${length}`;
}

/** Names of a struct's fields, in order. */
function fieldsOf(struct: string): string[] {
  const body = new RegExp(`struct ${struct} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  return [...body.replaceAll(/\/\*[^]*?\*\//g, '').matchAll(/(\w+)(?:\[\w+\])?;/g)].map(
    (match) => match[1] ?? '',
  );
}

/** Names of an enum without the prefix that all share. */
function enumOf(name: string): string[] {
  const body = new RegExp(`enum ${name} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  const bare = body.replaceAll(/\/\*[^]*?\*\//g, '');
  return [...bare.matchAll(/FIREWALL_(\w+)/g)].map((match) => match[1] ?? '');
}
