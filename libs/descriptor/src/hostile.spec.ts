import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { compile } from './compile.js';
import type { Compiled } from './compile.js';
import { service } from './compile.spec-support.js';
import { formatFinding } from './format-finding.js';

/** Generous for a busy machine; what is guarded against takes minutes or for ever. */
const BOUND_MS = 15_000;

function compileInTime(text: string): Compiled {
  const start = performance.now();
  const compiled = compile({ file: 'odd.yaml', text });
  expect(performance.now() - start).toBeLessThan(BOUND_MS);
  for (const finding of compiled.findings.slice(0, 5)) formatFinding(finding);
  return compiled;
}

const codes = ({ findings }: Compiled): string[] => [...new Set(findings.map(({ code }) => code))];

/** Nine lists of ten aliases each: a billion values in half a kilobyte. */
const bomb = Array.from({ length: 9 }, (_, i) => {
  const items = Array.from({ length: 10 }, () => (i === 0 ? 'x' : `*a${i - 1}`)).join(', ');
  return `  a${i}: &a${i} [${items}]`;
}).join('\n');

/** Beside what is odd as text alone, which libs/tosca refuses before anything of it is compiled. */
describe('odd input is refused in bounded time', () => {
  it.each<[string, () => string, string]>([
    [
      'an alias bomb in a property',
      () => `dsl_definitions:\n${bomb}\n${service({ properties: 'command: *a8' })}`,
      'SOURCE_TOO_LARGE',
    ],
    [
      'an alias bomb in an input',
      () => `dsl_definitions:\n${bomb}\n${service({ inputs: 'a: { type: list, default: *a8 }' })}`,
      'SOURCE_TOO_LARGE',
    ],
    [
      'a merge key of its own mapping',
      () => service({ properties: '<<: *p, command: [x]' }).replace('properties: {', 'properties: &p {'),
      'ALIAS_CYCLE',
    ],
    ['10 MB', () => `${service({})}#${'x'.repeat(10_000_000)}`, 'SOURCE_TOO_LARGE'],
    [
      '50,000 keys, each twice',
      () =>
        service({
          nodes: `\n${Array.from({ length: 50_000 }, (_, i) => `    k${i % 25_000}: 1`).join('\n')}`,
        }),
      'TOO_MANY_FINDINGS',
    ],
    [
      '50,000 anchors and aliases',
      () =>
        `dsl_definitions:\n${Array.from({ length: 50_000 }, (_, i) => `  k${i}: &k${i} ${i === 0 ? 'x' : `*k${i - 1}`}`).join('\n')}\n${service({})}`,
      'YAML_INVALID',
    ],
    [
      '__proto__ as a key',
      () => service({ properties: 'command: [x], environment: { __proto__: a }' }),
      'KEY_FORBIDDEN',
    ],
    [
      'a line of a megabyte',
      () => service({ properties: `command: [${'x'.repeat(1_000_000)}]` }),
      'CONSTRAINT_VIOLATED',
    ],
    ['a number without end', () => service({ cpus: '9'.repeat(100_000) }), 'CONSTRAINT_VIOLATED'],
  ])('%s', (_what, text, code) => {
    const compiled = compileInTime(text());
    expect(codes(compiled)).toContain(code);
    expect(compiled.graph).toBeUndefined();
    expect(compiled.findings.length).toBeLessThanOrEqual(201);
  });

  it('a big and honest descriptor compiles', () => {
    const nodes = Array.from(
      { length: 2000 },
      (_, i) => `
    v${i}: { type: underware.nodes.Process, properties: { command: [run] } }
    p${i}: { type: underware.nodes.Port, requirements: [{ binding: v${i} }, { link: net }] }`,
    );
    const link = "\n    net: { type: underware.nodes.Link, properties: { subnets: ['fd00::/64'] } }";
    const compiled = compileInTime(service({ nodes: link + nodes.join('') }));
    expect(compiled.findings).toEqual([]);
    expect(compiled.graph?.ports).toHaveLength(2000);
  });
});

describe('no text makes the compiler throw', () => {
  const words = fc.constantFrom(
    'tosca_definitions_version: tosca_2_0',
    'service_template:',
    'node_templates:',
    'inputs:',
    'policies:',
    '  ',
    '    ',
    '- ',
    '{',
    '}',
    '[',
    ']',
    ': ',
    ', ',
    '&a ',
    '*a',
    '<<: ',
    '? ',
    '| ',
    '> ',
    '"',
    "'",
    '\n',
    '\n  ',
    '#',
    'type: ',
    'underware.nodes.Firewall',
    'underware.nodes.Port',
    'properties: ',
    'rules: ',
    'requirements: ',
    '$value',
    'get_input: ',
    '$concat: ',
    '10.0.0.0/8',
    'null',
    '~',
    '1e999',
    '0x1',
    '!!binary ',
    '!x ',
    '%YAML 1.1\n---\n',
    '\u2028',
  );

  it('made of the words of the language', () => {
    fc.assert(
      fc.property(fc.array(words, { maxLength: 60 }), (parts) => {
        compile({ file: 'x', text: parts.join('') });
      }),
      { numRuns: 400 },
    );
  });

  const value: fc.Arbitrary<unknown> = fc.letrec((tie) => ({
    any: fc.oneof(
      { depthSize: 'small' },
      fc.constantFrom(null, true, 0, -1, 1.5, 'any', 'web', 'tcp', '10.0.0.0/24', 'fd00::/64', '8080', ''),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(
          'type',
          'name',
          'node',
          'properties',
          'directions',
          'rules',
          'get_input',
          'packet',
          'source',
          'port',
          'ports',
          'action',
          'x',
        ),
        tie('any'),
        { maxKeys: 4 },
      ),
    ),
  })).any;

  it('made of any value at any place', () => {
    const typeNames = 'Vnf Container Process Port Link Firewall Probe Router Own OwnFirewall'.split(' ');
    const types = fc.constantFrom(...typeNames);
    const ownTypes = fc.record({ properties: value, metadata: value }, { requiredKeys: [] });
    const node = fc.record(
      { type: types.map((name) => `underware.nodes.${name}`), properties: value, requirements: value },
      { requiredKeys: ['type'] },
    );
    const policy = fc.record({
      type: fc.constantFrom('underware.policies.Assertion', 'underware.policies.AntiAffinity'),
      targets: fc.oneof(value, fc.array(fc.constantFrom('a', 'b', 'c'))),
      properties: value,
    });
    const names = fc.constantFrom('a', 'b', 'c', 'web');
    fc.assert(
      fc.property(
        fc.dictionary(names, node),
        fc.array(fc.dictionary(names, policy), { maxLength: 3 }),
        fc.dictionary(names, value),
        ownTypes,
        (nodes, policies, inputs, own) => {
          const text = JSON.stringify({
            tosca_definitions_version: 'tosca_2_0',
            node_types: {
              'underware.nodes.Own': { derived_from: 'underware.nodes.Underservice', ...own },
              'underware.nodes.OwnFirewall': { derived_from: 'underware.nodes.Firewall', ...own },
            },
            service_template: { inputs, node_templates: nodes, policies },
          });
          const compiled = compile({ file: 'x', text });
          for (const { line, column } of compiled.findings) expect([line, column > 0]).toEqual([1, true]);
        },
      ),
      { numRuns: 400 },
    );
  });
});
