import type {
  Action,
  DesiredAssertion,
  DesiredInstance,
  DesiredPort,
  DesiredWorkload,
  HostFacts,
  HostState,
  ObservedState,
  PluginManifest,
  Runtime,
} from '@underware/core';
import { UnderwareError } from '@underware/core';
import type { Kernel, Shadow } from '@underware/kernel';
import type { HostNetwork } from '@underware/network';
import type { OpenedPackage } from '@underware/plugin';
import type { WorkloadRuntime } from '@underware/workload';
import { availableParallelism, totalmem } from 'node:os';
import { checkAssertion } from './check-assertion.js';
import { readHugepages } from './hugepages.js';

/** Where a plugin's verified package comes from. */
export interface PackageSource {
  open(digest: string): Promise<OpenedPackage>;
}

/** The machine: its kernel, its network and its runtimes, behind one observation and one switch over all actions. */
export class Host {
  /** Assertions come one after the other: what was loaded for one serves the next. */
  #copies: Shadow | undefined;

  constructor(
    readonly kernel: Kernel,
    readonly network: Pick<HostNetwork, keyof HostNetwork>,
    private readonly runtimes: readonly WorkloadRuntime[],
    private readonly packages: PackageSource,
    private readonly uplinks: string[],
    private readonly version: string,
    /** That an operator says may be handed to VNFs, by class. */
    private readonly devices: Readonly<Record<string, number>> = {},
  ) {}

  async facts(): Promise<HostFacts> {
    const [profile, uplinks, hugepages, described] = await Promise.all([
      this.kernel.profile(),
      this.network.uplinks(this.uplinks),
      readHugepages(),
      Promise.all(this.runtimes.map(async (each) => ({ each, description: await each.describe() }))),
    ]);
    return {
      profile,
      cpus: availableParallelism(),
      memoryBytes: totalmem() - hugepages.reduce((sum, { pageBytes, count }) => sum + pageBytes * count, 0),
      runtimes: described.flatMap(({ each, description }) =>
        description === undefined ? [] : [{ runtime: each.runtime, description }],
      ),
      uplinks,
      agentVersion: this.version,
      ...(hugepages.length === 0 ? {} : { hugepages }),
      ...(Object.keys(this.devices).length === 0 ? {} : { devices: { ...this.devices } }),
    };
  }

  async observe(): Promise<ObservedState> {
    const [kernel, network, workloads] = await Promise.all([
      this.kernel.observe(this.uplinks),
      this.network.observe(),
      this.observeWorkloads(),
    ]);
    return { ...kernel, ...network, ...workloads };
  }

  /** A runtime that cannot be asked hides what it runs; it does not hide the rest of the host. */
  async observeWorkloads(): Promise<Pick<ObservedState, 'workloads' | 'unknownRuntimes'>> {
    const asked = await Promise.all(
      this.runtimes.map(async (each) => ({
        runtime: each.runtime,
        workloads: await each.observe().catch(() => undefined),
      })),
    );
    const unknownRuntimes = asked.filter(({ workloads }) => !workloads).map(({ runtime }) => runtime);
    return {
      workloads: asked.flatMap(({ workloads }) => workloads ?? []),
      ...(unknownRuntimes.length > 0 ? { unknownRuntimes } : {}),
    };
  }

  async checkHealth(workload: DesiredWorkload, signal?: AbortSignal): Promise<void> {
    return this.#runtime(workload.runtime).checkHealth(workload, signal);
  }

  async logs(workload: Pick<DesiredWorkload, 'key' | 'runtime'>, tail: number): Promise<string> {
    return this.#runtime(workload.runtime).logs(workload.key, { tail });
  }

  /** Copies of chains for test packets; `find` knows the instances that may be in them. To be closed. */
  shadow(find: (key: string) => DesiredInstance | undefined): Shadow {
    return this.kernel.shadow(async (key) => {
      const instance = find(key);
      if (!instance) return undefined;
      const { elf, manifest } = await this.packages.open(instance.plugin.digest);
      return { instance, elf, manifest };
    });
  }

  async manifestOf(digest: string): Promise<PluginManifest> {
    return (await this.packages.open(digest)).manifest;
  }

  /** Of what assertions needed copies of, nothing is left: before anything changes, and when there is nothing more to do. */
  rest(): void {
    this.#copies?.close();
    this.#copies = undefined;
  }

  /** Does one action; doing it again is harmless. `state` says what devices' addresses an assertion's packet needs. */
  async perform(action: Action, state: HostState, signal?: AbortSignal): Promise<void> {
    if (action.kind !== 'check-assertion') this.rest();
    switch (action.kind) {
      case 'create-namespace':
        return this.network.createNamespace(action.namespace);
      case 'delete-namespace':
        return this.network.deleteNamespace(action.namespace);
      case 'create-port':
        return this.network.createPort(action.port);
      case 'delete-port':
        return this.network.deletePort(action.port);
      case 'add-route':
        return this.network.addRoute(action.route);
      case 'delete-route':
        return this.network.deleteRoute(action.route);
      case 'load-instance': {
        const { elf, manifest } = await this.packages.open(action.instance.plugin.digest);
        return this.kernel.load(action.instance, elf, manifest);
      }
      case 'unload-instance':
        return this.kernel.unload(action.key);
      case 'empty-instance':
        return this.kernel.empty(action.key);
      case 'attach-root':
        return this.kernel.attachRoot(action.device, action.hook);
      case 'detach-root':
        return this.kernel.detachRoot(action.device, action.hook);
      case 'set-next':
        return this.kernel.setNext(action.node, action.next);
      case 'check-assertion':
        return this.#checkAssertion(action.device, action.assertion, state);
      case 'start-workload':
        return this.#runtime(action.workload.runtime).start(action.workload);
      case 'stop-workload':
        return this.#runtime(action.workload.runtime).stop(action.workload.key);
      case 'check-health':
        return this.checkHealth(action.workload, signal);
      default:
        return action satisfies never;
    }
  }

  async #checkAssertion(device: string, assertion: DesiredAssertion, state: HostState): Promise<void> {
    const find = (key: string): DesiredInstance | undefined => instanceOf(state, key);
    this.#copies ??= this.shadow(find);
    await checkAssertion(this.#copies, device, assertion, portOf(state, assertion.port), find);
  }

  #runtime(runtime: Runtime): WorkloadRuntime {
    const found = this.runtimes.find((each) => each.runtime === runtime);
    if (found) return found;
    throw new UnderwareError({
      code: 'RUNTIME_UNAVAILABLE',
      attempted: `use the ${runtime} runtime`,
      on: 'this host',
      why: 'the agent was started without it',
      remedy: 'Set UNDERWARE_CONTAINER_SOCKET to the socket of Podman or Docker and start the agent again',
    });
  }
}

function instanceOf(state: HostState, key: string): DesiredInstance | undefined {
  return state.slices.flatMap(({ slice }) => slice.instances).find((each) => each.key === key);
}

function portOf(state: HostState, key: string): DesiredPort | undefined {
  return state.slices.flatMap(({ slice }) => slice.ports).find((port) => port.key === key);
}
