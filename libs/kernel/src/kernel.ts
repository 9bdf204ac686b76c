import type {
  ChainNode,
  ChainTelemetry,
  DesiredInstance,
  ForeignProgram,
  Hook,
  InstanceTelemetry,
  KernelProfile,
  ObservedInstance,
  ObservedRoot,
  PluginManifest,
  Verdict,
} from '@underware/core';
import type { EventSource, PacketEvents } from './read-events.js';
import type { SampleWish } from './sample-packets.js';
import type { SelectedEntries, Selection } from './select-entries.js';

export interface ObservedKernel {
  roots: ObservedRoot[];
  instances: ObservedInstance[];
  foreign: ForeignProgram[];
}

/**
 * What an agent does to its kernel. Every change is idempotent and either done or not: a caller may repeat it after a
 * crash. Changes to one object are made one after the other; changes to different objects may run together.
 *
 * Failures are UnderwareErrors. Any call may throw BPFFS_MISSING, CAPABILITY_MISSING and BPF_FAILED.
 */
export interface Kernel {
  /** What the kernel supports, probed once per process: a kernel does not change under a running agent. */
  profile(): Promise<KernelProfile>;

  /**
   * What is there, asked of the kernel. Takes away what an interrupted change left half made. `foreign` are programs
   * that are not ours on the devices with a root and on `devices`.
   */
  observe(devices?: readonly string[]): Promise<ObservedKernel>;

  /**
   * Loads one program of the plugin's object, configured and complete, with an empty `next`, and with the state that its
   * owner has on this host. One that is already there and intact stays as it is, `next` included; one that is not intact
   * is replaced. Throws VERIFIER_REJECTED (log in detail), INPUT_INVALID where the config does not fit the object,
   * STATE_INCOMPATIBLE where the state there is cannot go on in its maps.
   */
  load(instance: DesiredInstance, elf: Uint8Array, manifest: PluginManifest): Promise<void>;

  /** Throws STATE_CONFLICT while a slot of a live chain holds it. An absent one is unloaded already. */
  unload(key: string): Promise<void>;

  /** Forgets what an instance counted and kept and no other has; its config and its place in a chain stay. NOT_FOUND for an absent one. */
  empty(key: string): Promise<void>;

  /**
   * Attaches a root with an empty `next`, or mends one: a chain that hangs on it stays. XDP is native where the driver
   * can, else generic: the same verdicts, slower.
   * Throws DEVICE_MISSING, HOOK_BUSY where another XDP program holds the device, KERNEL_FEATURE_MISSING without TCX.
   */
  attachRoot(device: string, hook: Hook): Promise<void>;

  /** Takes the root off, also where its device is gone. */
  detachRoot(device: string, hook: Hook): Promise<void>;

  /** The one atomic swap: packets see the old chain or the new one. NOT_FOUND where node or next is not there. */
  setNext(node: ChainNode, next: string | null): Promise<void>;

  /**
   * Sends a test packet (an Ethernet frame) through the chain as it is now, from the root; counters count it.
   * Throws NOT_FOUND where the device has no root on that hook.
   */
  run(device: string, hook: Hook, packet: Uint8Array): Promise<{ verdict: Verdict; packet: Uint8Array }>;

  /**
   * Copies of the chains as they are, for test packets: nobody else's packets come to them, and what is run through them
   * counts nowhere and is remembered by nobody. `source` says what the instances were loaded from. To be closed.
   */
  shadow(source: InstanceSource): Shadow;

  /**
   * Live figures; `maps` are the telemetry maps of the manifest. Of those, arrays are read: what packets fill, hashes, may
   * be as long as its sender likes and is left out. Rows of zeros are left out, and what is beyond 512 rows in all.
   * Rows are JSON: per-CPU values added up, bytes as hex, numbers beyond 2^53 as decimal text. NOT_FOUND for an absent instance.
   */
  telemetry(key: string, maps: readonly string[]): Promise<InstanceFigures>;

  /**
   * What the instance said through its ring buffer since this was called last, by whichever agent; of the oldest `most`
   * records the content, of the rest how many they were. NOT_FOUND for an absent instance.
   */
  events(key: string, source: EventSource, most: number): Promise<PacketEvents>;

  /** Entries of a map that packets fill, those that are wanted. NOT_FOUND for an absent instance; of a map that is none, nothing. */
  select(key: string, wanted: Selection): Promise<SelectedEntries>;

  /**
   * Has an instance copy packets into its ring buffer of samples, or stop; it stops by itself when the time is over. NOT_FOUND
   * for an absent instance, or one of a plugin that takes no samples.
   */
  sample(key: string, wish: SampleWish | null): Promise<void>;

  /** Every chain, walked from its root. */
  chains(): Promise<ChainTelemetry[]>;

  /** Takes away everything of ours, chains first. */
  clear(): Promise<void>;
}

/** Where an instance's package and config come from; undefined for one that nobody knows. */
export type InstanceSource = (
  key: string,
) => Promise<{ instance: DesiredInstance; elf: Uint8Array; manifest: PluginManifest } | undefined>;

/** Copies of chains, loaded where a packet comes to them first. One packet at a time. */
export interface Shadow {
  /**
   * Runs an Ethernet frame through the copy of a device's chain, and of the chain of the port that it is delivered to. What
   * its packets make instances remember, they remember until it is closed. Throws NOT_FOUND where the device has no root on
   * that hook, STATE_CONFLICT where something is in the chain that cannot be copied.
   */
  run(device: string, hook: Hook, packet: Uint8Array): Promise<ShadowRun>;

  /** Nothing of it is left in the kernel. */
  close(): void;
}

export interface ShadowRun {
  verdict: Verdict;
  packet: Uint8Array;
  /** As the packet met them; the last one decided. */
  hops: ShadowHop[];
}

/** What one instance did. */
export interface ShadowHop {
  device: string;
  hook: Hook;
  key: string;
  verdict: Verdict;
  /** As it left the packet. */
  packet: Uint8Array;
  /** What it counted, by telemetry map. */
  maps: Record<string, Row[]>;
}

export interface Row {
  key: unknown;
  value: unknown;
}

export type InstanceFigures = Pick<
  InstanceTelemetry,
  'verdicts' | 'countsSince' | 'memoryBytes' | 'runTime' | 'maps'
>;
