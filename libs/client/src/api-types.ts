import type {
  ChainTelemetry,
  ErrorReport,
  HostFacts,
  InstanceTelemetry,
  OperationAction,
  OperationState,
  OperationType,
  NsState,
  Phase,
  Plan as CorePlan,
  PluginManifest,
  PluginRequirements,
  ProblemDetails,
  ServiceGraph,
  SliceReport,
  StepStatus,
} from '@underware/core';

export interface Finding {
  code: string;
  severity: 'error' | 'warning';
  file: string;
  line: number;
  column: number;
  message: string;
  expected?: string;
  nearest?: string;
}

export interface Validation {
  valid: boolean;
  findings: Finding[];
}

export interface NsDescriptor {
  id: string;
  nsdName?: string;
  nsdVersion?: string;
  nsdOnboardingState: 'CREATED' | 'ONBOARDED';
  nsdOperationalState: 'ENABLED' | 'DISABLED';
  nsdUsageState: 'IN_USE' | 'NOT_IN_USE';
}

export interface NsInstance {
  id: string;
  nsInstanceName: string;
  nsInstanceDescription: string;
  nsdId: string;
  nsdName?: string;
  nsdVersion?: string;
  nsState: NsState;
}

export interface Operation {
  id: string;
  operationState: OperationState;
  statusEnteredTime: string;
  nsInstanceId: string;
  lcmOperationType: OperationType;
  startTime: string;
  phase: Phase;
  allowedActions: OperationAction[];
  waitsFor?: { hosts: string[]; since: string };
  error?: ProblemDetails;
}

export interface OperationStep {
  id: string;
  host: string;
  hostName: string;
  service: string;
  generation: number;
  name: string;
  status: StepStatus;
  at: string;
  error?: ErrorReport;
}

export interface Host {
  id: string;
  name: string;
  labels: Record<string, string>;
  ready: boolean;
  reason?: string;
  registeredAt?: string;
  lastHeartbeatAt?: string;
  desiredGeneration: number;
  appliedGeneration: number;
  used: { cpus: number; memoryBytes: number };
  facts?: HostFacts;
  slices: SliceReport[];
}

export interface EnrolledHost {
  id: string;
  name: string;
  token: string;
  queueUrl: string;
}

export interface Plugin {
  digest: string;
  name: string;
  version: string;
  summary: string;
  implements: string;
  keyId: string;
  size: number;
  onboardedAt: string;
  manifest: PluginManifest;
  requirements: PluginRequirements;
}

export interface Hop {
  key: string;
  underservice: string;
  plugin: string;
  program: string;
  order: number;
  residency: 'persistent' | 'dynamic';
  present: boolean;
  verdicts: Record<string, { packets: number; bytes: number }>;
  runTime?: InstanceTelemetry['runTime'];
  maps: InstanceTelemetry['maps'];
}

export interface Chain {
  host: string;
  hostName: string;
  port: string;
  device: string;
  hook: string;
  direction: string;
  hops: Hop[];
  observed?: ChainTelemetry['hops'];
}

export interface Workload {
  vnf: string;
  host: string;
  hostName: string;
  runtime: string;
  addresses: string[];
  state: 'running' | 'exited' | 'absent' | 'unknown';
  health: 'healthy' | 'unhealthy' | 'starting' | 'none';
  handle?: string;
  exitCode?: number;
}

export interface ServiceTree {
  id: string;
  name: string;
  description: string;
  nsState: NsState;
  nsdId: string;
  operation?: string;
  inputs: Record<string, unknown>;
  graph?: ServiceGraph;
  placements: { vnf: string; host: string; hostName: string; runtime: string; reason: string }[];
  chains: Chain[];
  workloads: Workload[];
}

export interface Plan extends CorePlan {
  hostNames: Record<string, string>;
}

export interface AuditEntry {
  id: string;
  at: string;
  actor: string;
  action: string;
  object: string;
  outcome: string;
  report?: ErrorReport;
}
