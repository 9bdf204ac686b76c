import type { UnderserviceKind } from '../underservice-kind.js';
import { checkFirewall } from './check.js';
import { compileFirewall, FIREWALL_MAX_RULES, labelFirewall } from './compile.js';

/** Filters by prefix, protocol and ports, IPv4 and IPv6; stateless: it sees the directions that it is bound to. */
export const FIREWALL: UnderserviceKind = {
  kind: 'firewall',
  description: 'Passes or drops packets by rules; the first that matches decides.',
  nodeType: 'underware.nodes.Firewall',
  sameOnAllPorts: true,
  properties: {
    default: {
      type: 'string',
      description: 'what happens to a packet that no rule matches',
      default: 'deny',
      constraints: [{ kind: 'valid_values', values: ['allow', 'deny'] }],
    },
    rules: {
      type: 'list',
      description: 'rules, first match first',
      default: [],
      entrySchema: { type: 'underware.datatypes.FirewallRule', description: 'a rule' },
      constraints: [{ kind: 'max_length', value: FIREWALL_MAX_RULES }],
    },
  },
  check: checkFirewall,
  compile: compileFirewall,
  label: labelFirewall,
};
