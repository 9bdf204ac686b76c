/**
 * Services that live in kernels: the schema of each kind's model, what else a model must satisfy, and how it becomes
 * the config of plugin instances, one per port and direction. Also the schema language that models and the
 * descriptor's types are written in, and the prefixes both speak of.
 *
 * Layer: pure; imports core and packet. No I/O, no clock, no random: the same model gives the same config.
 * Trade-offs: models are plain data checked by schema rather than classes, so that a descriptor, an API body and a
 * profile file share one check; compiling checks again, since a graph may come from a store.
 * After a crash: nothing remains.
 */
export {
  checkModel,
  compileUnderservice,
  labelTelemetry,
  UNDERSERVICE_KINDS,
} from './compile-underservice.js';
export { FIREWALL_ACTIONS, FIREWALL_COUNTERS, FIREWALL_MAX_RULES } from './firewall/compile.js';
export { PROBE_COUNTERS } from './probe/probe.js';
export { DATA_TYPES, NAME_PATTERN } from './data-types.js';
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
export { describeConstraint, patternRefusal, violation } from './schema/constraint.js';
export { nearestName } from './schema/nearest.js';
export { UNRESOLVED } from './schema/property-schema.js';
export type {
  Constraint,
  DataType,
  DataTypes,
  ModelFinding,
  PropertySchema,
  PropertySchemas,
} from './schema/property-schema.js';
export { describeType, readProperties, readValue } from './schema/read-properties.js';
export type { Reading } from './schema/read-properties.js';
export { SCALAR_UNITS } from './schema/scalar-unit.js';
export type {
  Binding,
  LabelledRow,
  ModelContext,
  TelemetryRow,
  UnderserviceKind,
} from './underservice-kind.js';
