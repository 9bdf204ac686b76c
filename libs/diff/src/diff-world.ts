import type {
  DesiredChain,
  DesiredInstance,
  DesiredPort,
  DesiredSlice,
  DesiredWorkload,
  HostSlice,
  HostState,
} from '@underware/core';
import { chainsOf } from '@underware/core';
import { routeId } from './diff-predict.js';
import { RESIDENCY, UNOWNED } from './diff-step.js';

const NOTHING: HostSlice = { ports: [], routes: [], instances: [], assertions: [], workloads: [] };

/**
 * Who owns what, and what it was made from. An owner is found in the desired state first, then in the state before;
 * what neither names belongs to nobody and goes.
 */
export class World {
  readonly chains: DesiredChain[];
  readonly #owners = new Map<string, string>();
  readonly #wanted = new Set<string>();
  /** Keys of instances that a desired slice has. */
  readonly #used: Set<string>;
  readonly #heldKeys: Set<string>;
  readonly #ownersBefore = new Map<string, string>();
  readonly #instances = new Map<string, DesiredInstance>();
  readonly #revisions = new Map<string, DesiredInstance>();
  readonly #workloads = new Map<string, DesiredWorkload>();
  readonly #devices = new Map<string, DesiredPort>();

  constructor(
    readonly desired: HostState,
    readonly previous: HostState | undefined,
    readonly settled: ReadonlySet<string>,
    readonly held: ReadonlySet<string> = new Set(),
  ) {
    this.chains = chainsOf(desired);
    this.#used = new Set(desired.slices.flatMap(({ slice }) => slice.instances.map(({ key }) => key)));
    for (const slice of desired.slices) this.#register(slice, true);
    this.#heldKeys = new Set(this.heldInstances().map(({ key }) => key));
    this.#registerHeld(desired, true);
    for (const slice of previous?.slices ?? []) this.#register(slice, false);
    if (previous) this.#registerHeld(previous, false);
    for (const { key } of previous?.held ?? []) this.#ownersBefore.set(key, RESIDENCY);
    for (const { service, slice } of previous?.slices ?? [])
      for (const { key } of slice.instances) this.#ownersBefore.set(key, service);
  }

  /** What stays loaded without a user; a slice that has it too is its user. */
  heldInstances(): DesiredInstance[] {
    return (this.desired.held ?? []).filter(({ key }) => !this.#used.has(key));
  }

  isHeld(key: string): boolean {
    return this.#heldKeys.has(key);
  }

  /** Who had this very instance in the state before; undefined where that state does not name it. */
  userBefore(key: string): string | undefined {
    return this.#ownersBefore.get(key);
  }

  stageOf(service: string): DesiredSlice['stage'] | undefined {
    return this.desired.slices.find((slice) => slice.service === service)?.stage;
  }

  sliceOf(service: string): HostSlice {
    return this.desired.slices.find((slice) => slice.service === service)?.slice ?? NOTHING;
  }

  /** What the service ran before, as far as the state before tells. */
  ranBefore(service: string): DesiredWorkload[] {
    const before = this.previous?.slices.find((slice) => slice.service === service);
    return before?.stage === 'running' ? before.slice.workloads : [];
  }

  /** Services in the order of their turns: what goes first makes room, then the slices as given, then what nobody uses. */
  turns(): string[] {
    const desired = this.desired.slices.map(({ service }) => service);
    const gone = (this.previous?.slices ?? []).map(({ service }) => service);
    const held = [...(this.desired.held ?? []), ...(this.previous?.held ?? [])];
    return [
      UNOWNED,
      ...new Set([...gone.filter((service) => !desired.includes(service)), ...desired]),
      ...(held.length > 0 ? [RESIDENCY] : []),
    ];
  }

  /** The owner of `instance <key>`, `workload <key>`, `namespace <name>`, `device <name>` or `route <id>`. */
  ownerOf(thing: string): string {
    return this.#owners.get(thing) ?? UNOWNED;
  }

  /** Revisions of one instance share its id, and so their owner. */
  ownerOfInstance(key: string): string {
    return this.#owners.get(`instance ${key}`) ?? this.ownerOf(`id ${idOf(key)}`);
  }

  isWanted(thing: string): boolean {
    return this.#wanted.has(thing);
  }

  /** What an instance was made from; undefined for one that no state names. */
  instance(key: string): DesiredInstance | undefined {
    return this.#instances.get(key);
  }

  /** Some revision of an instance, the desired one if there is one. */
  revisionOf(id: string): DesiredInstance | undefined {
    return this.#revisions.get(id);
  }

  workload(key: string, revision: string): DesiredWorkload | undefined {
    return this.#workloads.get(`${key} ${revision}`);
  }

  portByKey(key: string): DesiredPort | undefined {
    return this.#devices.get(key);
  }

  #registerHeld({ held = [] }: HostState, wanted: boolean): void {
    for (const instance of held) {
      for (const thing of [`instance ${instance.key}`, `id ${instance.id}`]) {
        if (wanted) this.#wanted.add(thing);
        if (!this.#owners.has(thing)) this.#owners.set(thing, RESIDENCY);
      }
      if (!this.#instances.has(instance.key)) this.#instances.set(instance.key, instance);
    }
  }

  #register({ service, slice }: DesiredSlice, wanted: boolean): void {
    const own = (thing: string): void => {
      if (wanted) this.#wanted.add(thing);
      if (!this.#owners.has(thing)) this.#owners.set(thing, service);
    };
    for (const port of slice.ports) {
      if (!this.#devices.has(port.key)) this.#devices.set(port.key, port);
      own(`device ${port.device}`);
      if (port.peer) own(`namespace ${port.peer.namespace}`);
    }
    for (const route of slice.routes) own(`route ${routeId(route)}`);
    for (const instance of slice.instances) {
      own(`instance ${instance.key}`);
      own(`id ${instance.id}`);
      if (!this.#instances.has(instance.key)) this.#instances.set(instance.key, instance);
      if (!this.#revisions.has(instance.id)) this.#revisions.set(instance.id, instance);
    }
    for (const workload of slice.workloads) {
      own(`workload ${workload.key}`);
      own(`namespace ${workload.namespace}`);
      const id = `${workload.key} ${workload.revision}`;
      if (!this.#workloads.has(id)) this.#workloads.set(id, workload);
    }
  }
}

/** `<id>-<revision>` → `<id>`. */
export function idOf(key: string): string {
  return key.slice(0, key.indexOf('-'));
}
