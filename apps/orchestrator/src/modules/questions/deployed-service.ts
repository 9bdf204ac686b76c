import type {
  DesiredInstance,
  DesiredPort,
  DesiredWorkload,
  HostSlice,
  Plan,
  ServiceGraph,
} from '@underware/core';
import { notFound } from '../../not-found.js';

/** A thing of a service, and the id of the host that it is on. */
export type On<T> = T & { host: string };

/** A service as it is planned: where its VNFs, ports and plugin instances are. Names are those of its descriptor. */
export class DeployedService {
  constructor(
    readonly id: string,
    readonly name: string,
    readonly plan: Plan,
    /** Undefined while it is compiled again. */
    readonly graph: ServiceGraph | undefined,
  ) {}

  workload(vnf: string): On<DesiredWorkload> {
    return this.#one('VNF', vnf, ({ workloads }) => workloads.filter((each) => each.vnf === vnf));
  }

  /** A VNF's port by its name, an uplink by its device. Of an uplink that several hosts have, the first. */
  port(name: string): On<DesiredPort> {
    return this.#one('port', name, ({ ports }) => ports.filter(({ key }) => nameOfPort(key) === name));
  }

  ports(): On<DesiredPort>[] {
    return this.#each(({ ports }) => ports);
  }

  instances(): On<DesiredInstance>[] {
    return this.#each(({ instances }) => instances);
  }

  #one<T>(kind: string, name: string, of: (slice: HostSlice) => T[]): On<T> {
    const [first] = this.#each(of);
    if (first) return first;
    throw notFound(kind, `${name} of ${this.name}`);
  }

  #each<T>(of: (slice: HostSlice) => T[]): On<T>[] {
    return Object.entries(this.plan.slices).flatMap(([host, slice]) =>
      of(slice).map((thing) => ({ ...thing, host })),
    );
  }
}

/** What a port is called in its descriptor. */
export function nameOfPort(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}
