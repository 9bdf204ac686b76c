import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { HostFacts, Plan, ResidencyPolicy, ServiceGraph } from '@underware/core';
import { startEmbeddedPostgres, stopEmbeddedPostgres } from '@underware/embedded';
import { openTruth } from '@underware/store';
import type { Truth } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Configuration, DEFAULT_TIMINGS } from '../../configuration.js';
import { Uptime } from '../../uptime.js';
import { PlanningService } from '../plans/planning.service.js';
import type { Dispatcher } from './dispatcher.js';
import { OperationEngine } from './engine.js';

const PREFIX = 'uwt-plans-';
const SERVICES = 16;
const HELPERS = ['tail_call'];
const DIGEST = `sha256:${'ab'.repeat(32)}`;
const position = { file: 'x', line: 1, column: 1 };

const facts = (number: number): HostFacts => ({
  profile: {
    release: '6.12.0',
    architecture: 'x86_64',
    programTypes: ['xdp', 'sched_cls'],
    mapTypes: ['array'],
    helpers: { xdp: HELPERS, sched_cls: HELPERS },
    kfuncs: [],
    attach: { xdp: true, tcx: true, trampoline: true },
    btf: true,
    jit: true,
    notes: [],
  },
  cpus: 64,
  memoryBytes: 2 ** 40,
  runtimes: [{ runtime: 'process', description: '' }],
  uplinks: [{ device: 'u0', mac: '02:00:00:00:00:01', mtu: 1500, addresses: [`192.0.2.${number}/24`] }],
  agentVersion: '0.1.0',
});

/** Every service has the same link with room for few addresses more than there are ports. */
function graph(residency: ResidencyPolicy): ServiceGraph {
  const vnfs = ['a', 'b'].map((name) => ({
    name,
    runtimes: ['process' as const],
    command: ['run'],
    environment: {},
    cpus: 0.1,
    memoryBytes: 1,
    hostLabels: {},
    position,
  }));
  const ports = vnfs.map(({ name }) => ({
    name: `${name}_port`,
    vnf: name,
    link: 'net',
    addresses: [],
    position,
  }));
  return {
    name: 'pair',
    version: '1',
    description: '',
    vnfs,
    ports,
    links: [{ name: 'net', subnets: ['10.9.0.0/26'], mtu: 1500, position }],
    underservices: [
      {
        name: 'meter',
        kind: 'probe',
        bindings: ports.map(({ name }) => ({ port: name, directions: ['inbound' as const] })),
        model: {},
        residency,
        position,
      },
    ],
    assertions: [],
    startsAfter: {},
  };
}

function keysOf(plan: Plan): string[] {
  return Object.values(plan.slices)
    .flatMap(({ instances }) => instances.map(({ key }) => key))
    .sort();
}

async function sweep(): Promise<void> {
  for (const name of readdirSync(tmpdir()).filter((entry) => entry.startsWith(PREFIX))) {
    await stopEmbeddedPostgres({ dir: join(tmpdir(), name) });
    rmSync(join(tmpdir(), name), { recursive: true, force: true });
  }
}

describe('operations that plan at the same time, in two processes', () => {
  let truths: Truth[] = [];
  let nsdId: string;

  beforeAll(async () => {
    await sweep();
    const { url } = await startEmbeddedPostgres({ dir: mkdtempSync(join(tmpdir(), PREFIX)) });
    truths = [await openTruth(url), await openTruth(url)];
    for (const number of [1, 2, 3]) await enrol(number);
    nsdId = await descriptor();
    await truth().plugins.create({
      digest: DIGEST,
      name: 'probe',
      version: '0.1.0',
      manifest: {
        name: 'probe',
        version: '0.1.0',
        summary: '',
        license: '',
        implements: 'probe',
        order: 'observe',
        programs: [{ name: 'probe_tcx', hook: 'tcx' }],
        maps: {},
      },
      requirements: {
        programs: { probe_tcx: { type: 'sched_cls', helpers: HELPERS, kfuncs: [], attach: 'tcx' } },
        mapTypes: ['array'],
        coRe: [],
        kernelBtf: false,
        memoryBytes: 2 ** 20,
      },
      keyId: '',
      bytes: Buffer.alloc(1),
      size: 1,
      createdAt: new Date(),
    });
  }, 60_000);

  afterAll(async () => {
    await Promise.all(truths.map((each) => each.close()));
    await sweep();
  }, 60_000);

  const truth = (process = 0): Truth => {
    const found = truths[process];
    if (!found) throw new Error('the database was not opened');
    return found;
  };

  const configuration = Object.assign(new Configuration(), { timings: DEFAULT_TIMINGS });

  /** The engine of one process; nobody is there to be told anything. */
  function engine(process: number): OperationEngine {
    const uptime = new Uptime(Date.now());
    const dispatcher = { dispatch: async () => undefined } as unknown as Dispatcher;
    const planning = new PlanningService(configuration, uptime);
    const transitions = { record: () => undefined };
    return new OperationEngine(truth(process), planning, dispatcher, transitions, configuration, uptime);
  }

  async function enrol(number: number): Promise<void> {
    const id = randomUUID();
    const name = `uwt-h${number}`;
    const messageKey = new Uint8Array([number]);
    const said = { host: id, boot: 'a', at: new Date().toISOString() };
    await truth().hosts.create({ id, name, labels: {}, tokenHash: name, messageKey, createdAt: new Date() });
    await truth().hosts.register(
      { ...said, type: 'registered', sequence: 1, facts: facts(number) },
      new Date(),
    );
    const quiet = { generation: 0, chains: [], instances: [], workloads: [], foreign: [] };
    await truth().hosts.heartbeat({ ...said, type: 'heartbeat', sequence: 2, ...quiet }, new Date());
  }

  async function descriptor(): Promise<string> {
    const id = randomUUID();
    const empty = { name: null, version: null, userDefinedData: {}, file: null, contentDigest: null };
    const states = { onboardingState: 'ONBOARDED', operationalState: 'ENABLED' } as const;
    await truth().descriptors.create({ id, ...empty, ...states, createdAt: new Date() });
    return id;
  }

  async function service(residency: ResidencyPolicy = 'auto'): Promise<string> {
    const id = randomUUID();
    const nothing = { description: '', inputs: {}, planId: null, stage: null };
    await truth().instances.create({
      id,
      name: id,
      nsdId,
      nsState: 'NOT_INSTANTIATED',
      graph: graph(residency),
      ...nothing,
      createdAt: new Date(),
    });
    return id;
  }

  async function operation(nsInstanceId: string, type: 'INSTANTIATE' | 'TERMINATE'): Promise<string> {
    const id = randomUUID();
    const at = new Date();
    const phase = type === 'INSTANTIATE' ? ('planning' as const) : ('unconditioning' as const);
    const rest = { params: {}, error: null, barrier: null, rollingBack: false, requestedBy: 'test' };
    await truth().operations.create({
      id,
      nsInstanceId,
      type,
      phase,
      state: 'PROCESSING',
      ...rest,
      stateEnteredAt: at,
      startedAt: at,
    });
    return id;
  }

  async function instantiate(nsInstanceId: string, process = 0): Promise<Plan> {
    const id = await operation(nsInstanceId, 'INSTANTIATE');
    await engine(process).advance(id);
    expect((await truth().operations.find(id))?.error).toBeNull();
    await truth().operations.update(id, { state: 'COMPLETED' });
    const plan = await truth().instances.latestPlan(nsInstanceId);
    if (!plan) throw new Error('there is no plan');
    return plan;
  }

  async function terminate(nsInstanceId: string): Promise<void> {
    const id = await operation(nsInstanceId, 'TERMINATE');
    await engine(0).advance(id);
    await truth().operations.update(id, { state: 'COMPLETED' });
    await truth().instances.update(nsInstanceId, { planId: null });
  }

  it('give no address, MAC address, device, VNI or instance to two services', async () => {
    const ids = await Promise.all(Array.from({ length: SERVICES }, () => service()));
    const plans = await Promise.all(ids.map((id, i) => instantiate(id, i % 2)));
    const ports = plans.flatMap(({ slices }) => Object.values(slices).flatMap((slice) => slice.ports));
    const all = {
      addresses: ports.flatMap(({ peer }) => peer?.addresses ?? []),
      macs: ports.flatMap(({ mac, peer }) => [mac, peer?.mac]),
      devices: ports.map(({ device }) => device),
      vnis: plans.flatMap(({ vnis }) => Object.values(vnis ?? {})),
      keys: plans.flatMap(keysOf),
    };
    const counts = Object.fromEntries(
      Object.entries(all).map(([name, each]) => [name, new Set<unknown>(each).size]),
    );
    const two = SERVICES * 2;
    expect(counts).toEqual({ addresses: two, macs: 2 * two, devices: two, vnis: SERVICES, keys: two });
    await Promise.all(ids.map((id) => terminate(id)));
    expect(await truth().assignments.taken(randomUUID())).toEqual({
      address: [],
      mac: [],
      device: [],
      vni: [],
    });
    await dropAll();
  }, 60_000);

  it('are refused by the database itself where planning did not see one another', async () => {
    const [first, second] = [await service(), await service()];
    const plan = await instantiate(first);
    const stolen: Plan = { ...plan, id: randomUUID(), service: second };
    await expect(truth(1).transaction((records) => records.assignments.take(stolen))).rejects.toMatchObject({
      code: 'STATE_CONFLICT',
    });
    await expect(
      truth(1).transaction((records) => records.residency.begin(stolen, nsdId, new Date())),
    ).rejects.toMatchObject({ code: 'STATE_CONFLICT' });
    expect((await usesOf(keysOf(plan))).map(({ endedAt }) => endedAt)).toEqual([null, null]);
    await terminate(first);
    await dropAll();
  });

  it('take everything again when a termination is rolled back, unless another service has it by then', async () => {
    const [first, second] = [await service(), await service()];
    const plan = await instantiate(first);
    const back = { rollingBack: true, state: 'ROLLING_BACK', phase: 'conditioning', barrier: null } as const;
    const rollBack = async (): Promise<void> => {
      await truth().operations.update(termination, back);
      await engine(0).advance(termination);
    };
    let termination = await operation(first, 'TERMINATE');
    await engine(0).advance(termination);
    expect((await truth().residency.held()).map(({ key }) => key).sort()).toEqual(keysOf(plan));
    await rollBack();
    expect(await truth().residency.held()).toEqual([]);
    expect((await usesOf(keysOf(plan))).length).toBe(2);
    expect((await truth().assignments.taken(second)).address).toHaveLength(2);
    await truth().operations.update(termination, { state: 'ROLLED_BACK' });

    termination = await operation(first, 'TERMINATE');
    await engine(0).advance(termination);
    expect(keysOf(await instantiate(second))).toEqual(keysOf(plan));
    await rollBack();
    expect(await truth().operations.find(termination)).toMatchObject({
      state: 'FAILED_TEMP',
      error: { status: 409 },
    });
    expect((await truth().instances.find(first))?.stage).toBeNull();
    await truth().operations.update(termination, { state: 'FAILED' });
    await terminate(second);
    await truth().instances.update(first, { planId: null });
    await dropAll();
  });

  it('hold what a service used, hand it to the next one, and ask hosts for just that', async () => {
    const [first, second, third] = [await service(), await service(), await service()];
    const plan = await instantiate(first);
    await terminate(first);
    const held = await truth().residency.held();
    expect(held.map(({ key }) => key).sort()).toEqual(keysOf(plan));
    expect(held[0]?.reason).toMatch(/^auto: held \d+ s/);
    const asked = await Promise.all(Object.keys(plan.slices).map((host) => truth().hosts.desired([host])));
    expect(
      asked
        .flat()
        .flatMap(({ state }) => state.held?.map(({ key }) => key) ?? [])
        .sort(),
    ).toEqual(keysOf(plan));

    const taken = await Promise.all([instantiate(second, 0), instantiate(third, 1)]);
    const keys = taken.flatMap(keysOf);
    expect(new Set(keys).size).toBe(keys.length);
    expect(keys).toEqual(expect.arrayContaining(keysOf(plan)));
    expect(await truth().residency.held()).toEqual([]);
    // The first one is back while others have what it had: it gets instances of its own.
    const back = await instantiate(first);
    expect(keysOf(back).filter((key) => keys.includes(key))).toEqual([]);
    await Promise.all([first, second, third].map((id) => terminate(id)));
    await dropAll();
  });

  it('made to be looked at change nothing of a service in force, also where it took instances over', async () => {
    const [first, second] = [await service(), await service()];
    const held = keysOf(await instantiate(first));
    await terminate(first);
    const inForce = await instantiate(second);
    expect(keysOf(inForce)).toEqual(held);
    const planning = new PlanningService(configuration, new Uptime(Date.now()));
    const before = { plan: inForce, graph: graph('auto') };
    const again = await planning.dryRun(truth(), second, graph('auto'), { inForce: before });
    expect(again.hosts.flatMap(({ changes }) => changes)).toEqual([]);
    expect(again.hosts.flatMap(({ reused }) => reused).sort()).toEqual(held);
    expect(again.hosts.flatMap(({ loaded, started }) => [...loaded, ...started])).toEqual([]);

    // Another port, the first by name: those that are there keep what they have.
    const more = graph('auto');
    const extra = { name: '0_port', vnf: 'a', link: 'net', addresses: [], position };
    const wider = await planning.dryRun(
      truth(),
      second,
      { ...more, ports: [extra, ...more.ports] },
      { inForce: before },
    );
    const marks = new Set(wider.hosts.flatMap(({ changes }) => changes.map(({ mark }) => mark)));
    expect(marks.has('+') && !marks.has('-')).toBe(true);
    const [changed] = more.ports;
    const renumbered = more.ports.map((port) =>
      port === changed ? { ...port, addresses: ['10.9.0.50'] } : port,
    );
    const moved = await planning.dryRun(truth(), second, { ...more, ports: renumbered }, { inForce: before });
    expect(JSON.stringify(moved.plan.slices)).toContain('10.9.0.50');

    const another = await planning.dryRun(truth(), randomUUID(), graph('auto'), { explain: true });
    expect(new Set(another.hosts.flatMap(({ changes }) => changes.map(({ mark }) => mark)))).toEqual(
      new Set(['+']),
    );
    expect(keysOf(another.plan).filter((key) => held.includes(key))).toEqual([]);
    await terminate(second);
    const { inventory } = await planning.inventory(truth());
    expect(inventory.hosts.flatMap((host) => host.held?.map(({ key }) => key) ?? []).sort()).toEqual(held);
    await dropAll();
  });

  it("give no more of a host's budget for plugins than there is", async () => {
    const hosts = (await truth().hosts.list()).map(({ id }) => id);
    const [first, second] = [await service('dynamic'), await service('dynamic')];
    await instantiate(first);
    const planning = new PlanningService(configuration, new Uptime(Date.now()));
    const policy = 'as-asked';
    for (const id of hosts) await truth().residency.setPolicy(id, { policy, budgetBytes: 2 ** 20 });
    const used = async () =>
      (await planning.inventory(truth())).inventory.hosts.map((host) => host.used.pinnedBytes);
    expect((await used()).sort()).toEqual([0, 2 ** 20, 2 ** 20]);
    // Two instances of a mebibyte, and one host with room for one of them.
    await expect(planning.plan(truth(), second, graph('dynamic'))).rejects.toMatchObject({
      report: { code: 'PLAN_IMPOSSIBLE', why: expect.stringContaining('for plugin instances') },
    });
    await terminate(first);
    expect(await used()).toEqual([0, 0, 0]);
    await expect(planning.plan(truth(), second, graph('dynamic'))).resolves.toMatchObject({
      service: second,
    });
    for (const id of hosts) await truth().residency.setPolicy(id, { policy, budgetBytes: null });
    await dropAll();
  });

  it('let go of what is held when its time is over, or when its descriptor is gone', async () => {
    const persistent = await service('persistent');
    const dynamic = await service('dynamic');
    for (const id of [persistent, dynamic]) {
      await instantiate(id);
      await terminate(id);
    }
    // The second service had taken them over, and gave them back as what they were. One that fails does so too.
    const failing = await operation(dynamic, 'INSTANTIATE');
    await engine(0).advance(failing);
    expect(await truth().residency.held()).toEqual([]);
    const down = {
      rollingBack: true,
      state: 'ROLLING_BACK',
      phase: 'unconditioning',
      barrier: null,
    } as const;
    await truth().operations.update(failing, down);
    await engine(0).advance(failing);
    await truth().operations.update(failing, { state: 'ROLLED_BACK' });
    await truth().instances.update(dynamic, { planId: null });
    expect((await truth().residency.held()).map(({ until }) => until)).toEqual([null, null]);
    const later = new Date(Date.now() + 1e12);
    expect(await truth().residency.dropEnded(later)).toEqual([]);
    for (const id of [persistent, dynamic]) await truth().instances.delete(id);
    await dropAll();
    const auto = await service();
    await instantiate(auto);
    await terminate(auto);
    expect(await truth().residency.dropEnded(new Date())).toEqual([]);
    expect((await truth().residency.dropEnded(later)).length).toBeGreaterThan(0);
    expect(await truth().residency.held()).toEqual([]);
  });

  async function usesOf(keys: string[]) {
    const hosts = await truth().hosts.list();
    const uses = await Promise.all(hosts.map(({ id }) => truth().residency.uses(id, new Date(0))));
    return uses.flat().filter(({ key, endedAt }) => keys.includes(key) && endedAt === null);
  }

  async function dropAll(): Promise<void> {
    for (const { hostId, key } of await truth().residency.held()) await truth().residency.drop(hostId, [key]);
  }
});
