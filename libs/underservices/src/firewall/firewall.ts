import { describeFirewallEvent } from './describe-event.js';
import type { UnderserviceKind } from '../underservice-kind.js';
import { checkFirewall } from './check.js';
import { compileFirewall, labelFirewall } from './compile.js';

/** Filters connections by prefix, group, protocol and ports, IPv4 and IPv6; what belongs to one that was allowed passes. */
export const FIREWALL: UnderserviceKind = {
  kind: 'firewall',
  sameOnAllPorts: true,
  check: checkFirewall,
  compile: compileFirewall,
  label: labelFirewall,
  event: describeFirewallEvent,
};
