import { expect, it } from '@jest/globals';
import { checkModel, compileUnderservice } from '../compile-underservice.js';

const binding = { port: 'web', direction: 'inbound', hook: 'tcx/egress', addresses: new Map() } as const;
const RULE = { name: 'ssh', from: '10.0.0.0/8', protocol: 'tcp', ports: '22', action: 'allow' };

it('reads what the node type allows', () => {
  expect(compileUnderservice('firewall', { rules: [RULE] }, binding).maps['rules']).toHaveLength(1);
});

it.each<[string, Record<string, unknown>]>([
  ['a protocol that is none', { rules: [{ ...RULE, protocol: 'sctp' }] }],
  ['ports that are none', { rules: [{ ...RULE, ports: '22-' }] }],
  ['an end that is no text', { rules: [{ ...RULE, from: 10 }] }],
  ['no action', { rules: [{ ...RULE, action: undefined }] }],
  ['an action that is none', { rules: [{ ...RULE, action: 'pass' }] }],
  ['a rule that says more than is read', { rules: [{ ...RULE, source: '10.0.0.0/8' }] }],
  ['a rule that is no mapping', { rules: ['a'] }],
  ['no rule at all', { rules: [null] }],
  ['rules that are no list', { rules: { 0: RULE } }],
  ['a default that is none', { default: 'accept' }],
  ['a group that is no mapping', { groups: [null] }],
  ['a member that is no text', { groups: [{ name: 'g', members: [7] }] }],
  ['strictness in words', { strict: 'yes' }],
])('refuses %s, and opens nothing', (_what, model) => {
  // A draft may hold anything; what is checked must be as it says.
  expect(() => checkModel('firewall', model, { ports: [] })).not.toThrow();
  expect(() => compileUnderservice('firewall', model, binding)).toThrow(
    expect.objectContaining({ report: expect.objectContaining({ code: 'INPUT_INVALID' }) }),
  );
});

const groups = (count: number, members: (i: number) => string[]) =>
  Array.from({ length: count }, (_, i) => ({ name: `g${i}`, members: members(i) }));

it.each<[string, Record<string, unknown>]>([
  ['groups in groups without end', { groups: groups(4096, (i) => [i < 4095 ? `g${i + 1}` : '192.0.2.1']) }],
  [
    'pairs of all members',
    {
      groups: groups(2, (i) => Array.from({ length: 20_000 }, (_, k) => `10.${i}.${k >> 8}.${k & 255}`)),
      rules: [{ name: 'a', from: 'g0', to: 'g1', action: 'allow' }],
    },
  ],
  [
    'members that are not there',
    { groups: groups(4000, (i) => Array.from({ length: 16 }, (_, k) => `x${i}y${k}`)) },
  ],
])('ends soon with %s', (_what, model) => {
  const start = performance.now();
  expect(() => compileUnderservice('firewall', model, binding)).toThrow(
    expect.objectContaining({ report: expect.objectContaining({ code: 'INPUT_INVALID' }) }),
  );
  expect(performance.now() - start).toBeLessThan(5000);
});

it('looks at a group once, however often it is in others', () => {
  const model = {
    groups: groups(30, (i) => (i < 29 ? [`g${i + 1}`, `g${i + 1}`, '192.0.2.2'] : ['192.0.2.1'])),
    rules: [{ name: 'a', from: 'g0', action: 'allow' }],
  };
  expect(compileUnderservice('firewall', model, binding).maps['rules']).toHaveLength(2);
});
