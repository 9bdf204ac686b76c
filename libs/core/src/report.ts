import type { ErrorReport } from './errors.js';
import type { HostFacts } from './inventory.js';
import type { ForeignProgram, NextHop, ObservedWorkload } from './observed-state.js';
import type { Hook } from './hook.js';
import type { StepEvent } from './step.js';

/** What a slice of the desired state came to on a host. */
export interface SliceReport {
  service: string;
  stage: 'absent' | 'conditioned' | 'running' | 'failed';
  /** When failed: why. The host was brought back to the state before. */
  error?: ErrorReport;
}

export interface VerdictCounters {
  packets: number;
  bytes: number;
}

/** Live figures of one instance, read from its maps. */
export interface InstanceTelemetry {
  key: string;
  underservice: string;
  service: string;
  port: string;
  hook: Hook;
  /** Verdict counters by verdict name (`pass`, `drop`, …). */
  verdicts: Record<string, VerdictCounters>;
  /** When its counters were all zero last: when it was loaded, or emptied for another user. ISO 8601. */
  countsSince?: string;
  /** Kernel memory of its maps and of its program, as the kernel charges it. */
  memoryBytes?: number;
  /** Nanoseconds and runs, where BPF statistics are on. */
  runTime?: { nanoseconds: number; runs: number };
  /** Plugin's telemetry maps by name, decoded through BTF: rows as `{key, value}`. */
  maps: Record<string, { key: unknown; value: unknown }[]>;
}

/** What one instance said of packets through its ring buffer since it was last asked. */
export interface InstanceEvents {
  key: string;
  underservice: string;
  service: string;
  port: string;
  hook: Hook;
  /** In the kernel's order. `record` is the plugin's struct, decoded through BTF; `at` is from its `at_ns`, where it has one. */
  events: { at: string; record: Record<string, unknown> }[];
  /** So many more were there than are told in one go. */
  lost: number;
}

export interface ChainTelemetry {
  device: string;
  hook: Hook;
  /** As walked in the kernel from the root, in order. */
  hops: NextHop[];
}

/** A VNF as its host sees it. One that exits again and again is restarted more and more slowly. */
export type WorkloadTelemetry = ObservedWorkload & {
  service: string;
  vnf: string;
  restarts?: number;
  /** ISO 8601; of one that exited and waits. */
  nextTryAt?: string;
};

/**
 * What an agent says; the only shapes on the reports queue. `boot` is one run of an agent and `sequence` counts what it said in
 * that run: order is theirs alone, for clocks step back. `at` is for people to read.
 */
export type AgentMessage =
  | { type: 'registered'; host: string; boot: string; sequence: number; at: string; facts: HostFacts }
  | {
      type: 'heartbeat';
      host: string;
      boot: string;
      sequence: number;
      at: string;
      generation: number;
      chains: ChainTelemetry[];
      instances: InstanceTelemetry[];
      workloads: WorkloadTelemetry[];
      foreign: ForeignProgram[];
    }
  | {
      type: 'events';
      host: string;
      boot: string;
      sequence: number;
      at: string;
      instances: InstanceEvents[];
    }
  | { type: 'steps'; host: string; boot: string; sequence: number; at: string; events: StepEvent[] }
  | {
      type: 'applied';
      host: string;
      boot: string;
      sequence: number;
      at: string;
      generation: number;
      slices: SliceReport[];
    }
  | { type: 'audit'; host: string; boot: string; sequence: number; at: string; error: ErrorReport };
