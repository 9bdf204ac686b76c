import type {
  Catalog,
  ChainTelemetry,
  ErrorReport,
  HostFacts,
  HostPlan,
  InstanceTelemetry,
  Inventory,
  PluginManifest,
  PluginRequirements,
  Plan as CorePlan,
  ProblemDetails,
  ServiceGraph,
  SliceReport,
} from '@underware/core';
import type { components } from './generated/api.js';

/**
 * The resources of the API: generated, except for what its document leaves open because it is a type of `@underware/core`.
 */
type Schemas = components['schemas'];
type Refine<T, R> = Omit<T, keyof R> & R;

export type Finding = Schemas['FindingDto'];
export type Validation = Schemas['Validation'];
export type NsDescriptor = Schemas['NsdInfo'];
export type NsInstance = Schemas['NsInstance'];
export type ServiceSummary = Schemas['ServiceInstanceSummary'];
export type Operation = Refine<Schemas['NsLcmOpOcc'], { error?: ProblemDetails }>;
export type OperationStep = Refine<Schemas['StepDto'], { error?: ErrorReport }>;
export type Host = Refine<Schemas['Host'], { facts?: HostFacts; slices: SliceReport[] }>;
export type HostResidency = Schemas['HostResidencyReport'];
export type HostResidencyRequest = Schemas['HostResidencyRequest'];
export type EnrolledHost = Schemas['EnrolledHost'];
export type Plugin = Refine<
  Schemas['Plugin'],
  { manifest: PluginManifest; requirements: PluginRequirements }
>;
export type UpgradeRequest = Schemas['UpgradeRequest'];
export type PluginUpgrade = Refine<
  Schemas['PluginUpgrade'],
  { services: Refine<Schemas['ServiceUpgrade'], { hosts: HostPlan[] }>[] }
>;
export type Plan = Refine<Schemas['PlanDto'], Pick<CorePlan, 'slices' | 'costs'>>;
export type DryRunPlan = Refine<
  Schemas['DryRunPlanDto'],
  Pick<CorePlan, 'slices' | 'costs'> & { hosts: HostPlan[] }
>;
export type SavedInventory = Refine<Schemas['InventoryDto'], { inventory: Inventory; catalog: Catalog }>;
export type CaptureRequest = Schemas['CaptureRequest'];
/** What the answer to a capture is, file and headers. */
export interface Capture {
  file: Uint8Array;
  packets: number;
  lost: number;
}
export type Flow = Schemas['FlowDto'];
export type Flows = Schemas['FlowsDto'];
export type PacketEvent = Schemas['PacketEventDto'];
export type AuditEntry = Refine<Schemas['AuditEntry'], { report?: ErrorReport }>;

export type Hop = Refine<
  Schemas['HopDto'],
  { runTime?: NonNullable<InstanceTelemetry['runTime']>; maps: InstanceTelemetry['maps'] }
>;
export type Chain = Refine<Schemas['ChainDto'], { hops: Hop[]; observed?: ChainTelemetry['hops'] }>;
export type Trace = Schemas['TraceDto'];
export type TraceRequest = Schemas['TraceRequest'];
export type LiveMap = Schemas['MapDto'];
export type MapRow = Schemas['MapRowDto'];
export type MapPage = Schemas['MapPageDto'];
export type LiveConnection = Schemas['ConnectionDto'];
export type Connections = Schemas['ConnectionsDto'];
/** Which connections; what is not given is any. */
export interface ConnectionFilter {
  underservice?: string;
  /** Of either end. */
  address?: string;
  /** Of either end. */
  port?: number;
  protocol?: 'tcp' | 'udp' | 'icmp';
}
export type Workload = Schemas['WorkloadDto'];
export type ServiceTree = Refine<Schemas['ServiceInstanceTree'], { graph?: ServiceGraph; chains: Chain[] }>;
