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
