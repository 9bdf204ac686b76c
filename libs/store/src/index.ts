/**
 * The truth: entities and queries over Postgres, by aggregate.
 *
 * Layer: I/O over core. Only this library, and the migrations it runs, know TypeORM and SQL.
 * Trade-offs: rows are columns and relations without behaviour; state rules live in the orchestrator. JSON columns hold the
 * core's own types as they are (plans, states, reports), because nothing asks the database about their insides. Live changes
 * are told by NOTIFY, so that several processes need no second server for it.
 * After a crash: what was committed is there; the latest telemetry may be gone and comes back with the next heartbeat.
 */
export { openTruth, Records, Truth } from './truth.js';
export { ChangeFeed } from './change-feed.js';
export type { Change } from './change-feed.js';
export type { ApiTokenRow, AuditRow } from './entities/audit.entity.js';
export type { DescriptorContent } from './descriptors.js';
export type { DescriptorRow } from './entities/descriptor.entity.js';
export type {
  Heartbeat,
  HostDesiredRow,
  HostReportRow,
  HostRow,
  HostTelemetryRow,
} from './entities/host.entity.js';
export type {
  Barrier,
  Canary,
  CountsByHost,
  OperationRow,
  StepEventRow,
} from './entities/operation.entity.js';
export type { PluginRow } from './entities/plugin.entity.js';
export type { PlanRow, ServiceChangeRow, ServiceInstanceRow } from './entities/service-instance.entity.js';
export type { NewHost } from './hosts.js';
export { KEPT_PACKET_EVENTS } from './packet-events.js';
export type { PacketEventRow } from './packet-events.js';
export type { NewOperation } from './operations.js';
export { heldInstance, RESIDENCY_POLICIES } from './residency.js';
export type { Held, HostResidency, HostResidencyPolicy, InstanceUse } from './residency.js';
export type { LivePlan, PlanChange, Reservation } from './service-instances.js';
