/**
 * Services that live in kernels: what the model of each kind must satisfy beside its node type, and how it becomes the
 * config of plugin instances, one per port and direction. Also the prefixes and ranges of ports that models speak of.
 *
 * Layer: pure; imports core and packet. No I/O, no clock, no random: the same model gives the same config.
 * Trade-offs: a model is plain data, and its properties stand in one place, the profile of libs/descriptor, which checks
 * them with line and column; compiling looks only for what would go unnoticed.
 * After a crash: nothing remains.
 */
export {
  checkModel,
  compileUnderservice,
  counterNames,
  describeEvent,
  labelTelemetry,
  UNDERSERVICE_KINDS,
} from './compile-underservice.js';
export { readFlowEnds, tcpFlags } from './flow-ends.js';
export type { FlowEnds } from './flow-ends.js';
export {
  FIREWALL_ACTIONS,
  FIREWALL_COUNTERS,
  FIREWALL_MAX_RULES,
  FIREWALL_STATES,
} from './firewall/compile.js';
export { firewallRuleName } from './firewall/describe-event.js';
export { BACKEND_HEALTH, BALANCER_COUNTERS } from './load-balancer/compile.js';
export { PROBE_COUNTERS, PROBE_RTT_BUCKETS, PROBE_RTT_ENDS } from './probe/probe.js';
export { ROUTER_COUNTERS } from './router/router.js';
export { SWITCH_COUNTERS } from './switch/switch.js';
export {
  addressAsNumber,
  addressAt,
  containsPrefix,
  formatAddress,
  formatPrefix,
  networkOf,
  parsePrefix,
} from './prefix.js';
export type { Family, Prefix } from './prefix.js';
export { parsePorts } from './port-range.js';
export type { PortRange } from './port-range.js';
export type { RoutedNetwork, RoutedSegment, Segment, Station } from './segment.js';
export type {
  Binding,
  LabelledRow,
  ModelContext,
  ModelFinding,
  PacketEvent,
  TelemetryRow,
  UnderserviceKind,
} from './underservice-kind.js';
