import type { UnderserviceKind } from '../underservice-kind.js';
import { checkFirewall } from './check.js';
import { compileFirewall, labelFirewall } from './compile.js';

/** Filters by prefix, protocol and ports, IPv4 and IPv6; stateless: it sees the directions that it is bound to. */
export const FIREWALL: UnderserviceKind = {
  kind: 'firewall',
  sameOnAllPorts: true,
  check: checkFirewall,
  compile: compileFirewall,
  label: labelFirewall,
};
