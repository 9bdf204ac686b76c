import type {
  Action,
  DesiredInstance,
  DesiredPort,
  DesiredRoute,
  DesiredSlice,
  DesiredWorkload,
  HostState,
  ObservedPort,
  ObservedWorkload,
} from '@underware/core';
import { UnderwareError } from '@underware/core';
import { FakeKernel } from '@underware/kernel';
import type { HostNetwork } from '@underware/network';
import type { OpenedPackage } from '@underware/plugin';
import type { WorkloadRuntime } from '@underware/workload';
import { Host } from './host.js';
import { Journal, type JournalEntry } from './journal.js';

export const DIGEST = `sha256:${'ab'.repeat(32)}`;

/** A network in memory; its devices are those of the fake kernel. */
export class MemoryNetwork implements Pick<HostNetwork, keyof HostNetwork> {
  readonly namespaces = new Set<string>();
  readonly ports = new Map<string, ObservedPort>();
  readonly routes = new Map<string, DesiredRoute>();

  constructor(private readonly kernel: FakeKernel) {}

  async observe() {
    return {
      namespaces: [...this.namespaces],
      ports: [...this.ports.values()],
      routes: [...this.routes.values()],
    };
  }

  async createNamespace(name: string): Promise<void> {
    this.namespaces.add(name);
  }

  async deleteNamespace(name: string): Promise<void> {
    this.namespaces.delete(name);
    for (const port of this.ports.values()) if (port.peerNamespace === name) await this.deletePort(port);
  }

  async createPort({ device, mac, mtu, peer, rewritten }: DesiredPort): Promise<void> {
    if (peer && !this.namespaces.has(peer.namespace)) throw failure('NETWORK_FAILED', device);
    this.kernel.createDevice(device);
    this.ports.set(device, {
      device,
      mac,
      mtu,
      up: true,
      ...(peer && { peerNamespace: peer.namespace, peerDevice: peer.device, peerMac: peer.mac }),
      peerAddresses: peer?.addresses ?? [],
      ...(rewritten && { rewritten }),
    });
  }

  async deletePort({ device }: { device: string }): Promise<void> {
    this.kernel.deleteDevice(device);
    this.ports.delete(device);
  }

  async addRoute(route: DesiredRoute): Promise<void> {
    this.routes.set(route.destination, route);
  }

  async deleteRoute(route: DesiredRoute): Promise<void> {
    this.routes.delete(route.destination);
  }

  async uplinks() {
    return [];
  }
}

async function waitForEnd(signal?: AbortSignal): Promise<never> {
  await new Promise((_, reject) => signal?.addEventListener('abort', () => reject(signal.reason)));
  throw new Error('it cannot end');
}

export class MemoryRuntime implements WorkloadRuntime {
  readonly runtime = 'process';
  readonly workloads = new Map<string, ObservedWorkload>();

  async describe() {
    return 'memory';
  }

  async observe() {
    return [...this.workloads.values()];
  }

  async start({ key, revision }: DesiredWorkload): Promise<void> {
    this.workloads.set(key, {
      key,
      revision,
      runtime: 'process',
      state: 'running',
      handle: '1',
      health: 'none',
    });
  }

  async stop(key: string): Promise<void> {
    this.workloads.delete(key);
  }

  async checkHealth({ key, vnf }: DesiredWorkload, signal?: AbortSignal): Promise<void> {
    if (vnf === 'never healthy') await waitForEnd(signal);
    if (!this.workloads.has(key)) throw failure('WORKLOAD_FAILED', key);
  }

  async logs(key: string, { tail }: { tail: number }) {
    return `${tail} lines of ${key}`;
  }
}

/** A host in memory on which any action, by its name, can be made to fail. */
export class MemoryHost extends Host {
  readonly performed: string[] = [];
  readonly fake: FakeKernel;
  override readonly network: MemoryNetwork;
  readonly runtime: MemoryRuntime;
  /** Called before an action is performed; what it throws is the action's failure. */
  before: (action: Action, count: number) => void = () => undefined;

  static make(): MemoryHost {
    const kernel = new FakeKernel();
    return new MemoryHost(kernel, new MemoryNetwork(kernel), new MemoryRuntime());
  }

  private constructor(kernel: FakeKernel, network: MemoryNetwork, runtime: MemoryRuntime) {
    super(kernel, network, [runtime], { open: openFake }, [], '0.0.0');
    this.fake = kernel;
    this.network = network;
    this.runtime = runtime;
  }

  override async perform(action: Action, state: HostState, signal?: AbortSignal): Promise<void> {
    this.performed.push(action.kind);
    this.before(action, this.performed.length);
    await super.perform(action, state, signal);
  }

  /** Everything that is there, without what differs from run to run. */
  async snapshot(): Promise<unknown> {
    const { roots, instances, namespaces, ports, routes, workloads } = await this.observe();
    return {
      roots: roots.map(({ device, hook, next, attached }) => ({ device, hook, next, attached })),
      instances: instances.map(({ key, next, intact }) => ({ key, next, intact })),
      namespaces: namespaces.sort(),
      ports: ports.sort((a, b) => (a.device < b.device ? -1 : 1)),
      routes: routes.sort((a, b) => (a.destination < b.destination ? -1 : 1)),
      workloads: workloads.sort((a, b) => (a.key < b.key ? -1 : 1)),
    };
  }
}

export class MemoryJournal extends Journal {
  readonly entries: JournalEntry[] = [];

  async record(entry: JournalEntry): Promise<void> {
    this.entries.push(entry);
  }

  async close(): Promise<void> {
    await Promise.resolve();
  }
}

async function openFake(): Promise<OpenedPackage> {
  const manifest = {
    name: 'firewall',
    version: '0.1.0',
    summary: '',
    license: '',
    implements: 'firewall',
    order: 'guard' as const,
    programs: [
      { name: 'firewall_xdp', hook: 'xdp' as const },
      { name: 'firewall_tc', hook: 'tcx' as const },
    ],
    maps: {},
  };
  const requirements = { programs: {}, mapTypes: [], coRe: [], kernelBtf: false };
  return { digest: DIGEST, manifest, elf: new Uint8Array(), requirements, keyId: '' };
}

export function failure(
  code: 'NETWORK_FAILED' | 'NOT_FOUND' | 'WORKLOAD_FAILED' | 'TIMED_OUT',
  on: string,
): UnderwareError {
  return new UnderwareError({ code, attempted: 'test', on, why: 'it was made to fail', remedy: 'None' });
}

/** A service with one VNF behind a chain of two, all names derived from `n`. */
export function serviceSlice(
  n: number,
  revision = 1,
  stage: DesiredSlice['stage'] = 'running',
): DesiredSlice {
  const id = n.toString(16).padStart(4, '0');
  const service = `service-${n}`;
  const port = `${service}/web`;
  const namespace = `uw-${id}`;
  const instances = [1, 2].map((order): DesiredInstance => {
    const instanceId = `${id}${order}`.padEnd(16, '0');
    const rev = `${revision}`.padStart(8, '0');
    return {
      key: `${instanceId}-${rev}`,
      id: instanceId,
      revision: rev,
      underservice: `guard${order}`,
      plugin: { name: 'firewall', version: '0.1.0', digest: DIGEST },
      program: 'firewall_xdp',
      port,
      hook: 'xdp',
      order,
      config: { rodata: {}, maps: {}, mapSizes: {} },
      residency: 'dynamic',
    };
  });
  return {
    service,
    stage,
    slice: {
      ports: [
        {
          key: port,
          kind: 'veth',
          device: `uw${id}`,
          mac: '02:00:00:00:00:01',
          mtu: 1500,
          peer: { namespace, device: 'eth0', mac: '02:00:00:00:00:02', addresses: [`10.60.0.${n}/32`] },
        },
      ],
      routes: [{ destination: `10.60.0.${n}/32`, via: { device: `uw${id}` } }],
      instances,
      assertions: [
        {
          name: 'passes',
          port,
          hook: 'xdp',
          packet: { protocol: 'udp', source: `10.60.0.${n}`, destination: '10.60.0.99' },
          expect: 'pass',
        },
      ],
      workloads: [
        {
          key: `${id}f`.padEnd(16, '0'),
          revision: `${revision}`.padStart(8, '0'),
          vnf: 'web',
          runtime: 'process',
          command: ['/bin/true'],
          environment: {},
          cpus: 1,
          memoryBytes: 1 << 20,
          namespace,
          after: [],
        },
      ],
    },
  };
}

export function stateOf(generation: number, ...slices: DesiredSlice[]): HostState {
  return { host: 'h1', generation, slices };
}
