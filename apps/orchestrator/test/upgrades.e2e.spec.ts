import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { DesiredInstance, OperationState } from '@underware/core';
import { openTruth } from '@underware/store';
import type { Truth } from '@underware/store';
import { waitFor } from '@underware/testkit';
import { Transitions } from '../src/modules/operations/transitions.js';
import type { Transition } from '../src/modules/operations/transitions.js';
import type { Orchestrator } from '../src/start.js';
import type { Api } from './api.spec-support.js';
import { METER, twoVnfs } from './descriptor.spec-support.js';
import { FAILURE, FakeAgent } from './fake-agent.spec-support.js';
import { startOver } from './orchestrator.spec-support.js';
import { startServers, sweepServers } from './servers.spec-support.js';
import type { Servers } from './servers.spec-support.js';

const prefix = 'uwt-orchestrator-upgrades-';

interface Upgrade {
  plugin: string;
  canary: string[];
  services: { nsInstanceId: string; operation?: string; hosts: { changes: { mark: string }[] }[] }[];
}

interface Operation {
  operationState: OperationState;
  phase: string;
  error?: { report?: { code: string; why: string; detail?: string } };
  canary?: {
    hosts: string[];
    outcome?: string;
    figures: { host: string; outcome: string; reason: string }[];
  };
}

const digestOf = (version: string): string =>
  `sha256:${Buffer.from(version).toString('hex').padStart(64, '0')}`;

const targetOf = (version: string): string => `/underware/v1/plugins/${digestOf(version)}/upgrade`;

function versionsOn(agent: FakeAgent): string[] {
  const instances = (agent.told.at(-1)?.slices ?? []).flatMap(({ slice }) => slice.instances);
  return [...new Set(instances.map(({ plugin }) => plugin.version))].sort();
}

const pathsOf = ({ services }: Upgrade): string[] =>
  services.map(({ operation }) => `/nslcm/v1/ns_lcm_op_occs/${operation}`);

/** Sees a thousand packets more with each beat. */
function counting(verdictOf: (instance: DesiredInstance) => string): FakeAgent['counts'] {
  const counts = new Map<string, number>();
  return (instance) => {
    const packets = (counts.get(instance.key) ?? 0) + 1_000;
    counts.set(instance.key, packets);
    return { [verdictOf(instance)]: packets };
  };
}

/** Ends what the orchestrator does for an operation at each point where it could die, once: the next sweep finds it as a new process would. */
class Dying extends Transitions {
  readonly moments = new Set<string>();
  /** One that dies before it tells hosts does not come to where it has told them. */
  points: Transition['point'][] = ['decided', 'committed'];
  private readonly at = new Set<string>();

  override record({ operation, move, phase, point }: Transition): void {
    const moment = `${move} ${phase} ${point}`;
    if (!this.points.includes(point) || this.at.has(`${operation} ${moment}`)) return;
    this.at.add(`${operation} ${moment}`);
    this.moments.add(moment);
    throw new Error('it died');
  }
}

describe('another version of a plugin', () => {
  let servers: Servers;
  let orchestrator: Orchestrator;
  let api: Api;
  let truth: Truth;
  let a: FakeAgent;
  let b: FakeAgent;
  let first: string;
  let second: string;

  beforeAll(async () => {
    await sweepServers(prefix);
    servers = await startServers(prefix, 'postgres');
    ({ orchestrator, api } = await startOver(servers));
    truth = await openTruth(servers.databaseUrl);
    a = new FakeAgent(await api.enrol('uwt-a', { side: 'a' }), 1);
    b = new FakeAgent(await api.enrol('uwt-b', { side: 'b' }), 2);
    await a.start();
    await b.start();
    await waitFor('two ready hosts', async () => {
      const hosts = await api.expect<{ ready: boolean }[]>(200, 'GET', '/underware/v1/hosts');
      return hosts.filter((host) => host.ready).length === 2;
    });
    await onboard('0.1.0');
    first = await deploy('uwt-first', '10.81.0.0/24');
    second = await deploy('uwt-second', '10.82.0.0/24');
    for (const version of ['0.2.0', '0.3.0']) await onboard(version);
    await onboard('0.4.0', ['fib_lookup']);
  }, 60_000);

  afterEach(() => {
    for (const agent of [a, b]) {
      agent.script = ({ service, stage }) => ({ service, stage });
      agent.counts = () => ({});
    }
  });

  afterAll(async () => {
    await a.stop();
    await b.stop();
    await truth.close();
    await orchestrator.stop();
    await servers.stop();
    await sweepServers(prefix);
  });

  async function onboard(version: string, helpers: string[] = []): Promise<void> {
    const programs = { probe_tcx: { type: 'sched_cls', helpers, kfuncs: [], attach: 'tcx' as const } };
    await truth.plugins.create({
      digest: digestOf(version),
      name: 'probe',
      version,
      manifest: {
        name: 'probe',
        version,
        summary: '',
        license: '',
        implements: 'probe',
        order: 'observe',
        programs: [{ name: 'probe_tcx', hook: 'tcx' }],
        maps: {},
      },
      requirements: { programs, mapTypes: ['array'], coRe: [], kernelBtf: false },
      keyId: '',
      bytes: Buffer.alloc(1),
      size: 1,
      createdAt: new Date(),
    });
  }

  async function deploy(name: string, subnet: string): Promise<string> {
    const yaml = `${twoVnfs(subnet).trimEnd()}${METER}\n`;
    const instance = await api.createInstance(yaml, name);
    await api.settle(await api.start(instance, 'instantiate'), 'COMPLETED');
    return instance;
  }

  const upgrade = (version: string, body: object = {}): Promise<Upgrade> =>
    api.expect<Upgrade>(200, 'POST', targetOf(version), { body });
  const refusal = async (status: number, version: string, body: object): Promise<string> =>
    JSON.stringify(await api.expect(status, 'POST', targetOf(version), { body }));
  const read = (path: string): Promise<Operation> => api.expect<Operation>(200, 'GET', path);

  test('stays what it is until it is asked for, and is shown before', async () => {
    expect(versionsOn(a)).toEqual(['0.1.0']);
    const shown = await upgrade('0.2.0', { dryRun: true, canary: { percent: 50 } });
    expect(shown.canary).toEqual(['uwt-a']);
    expect(shown.services.map(({ operation }) => operation)).toEqual([undefined, undefined]);
    const marks = shown.services.flatMap(({ hosts }) => hosts.flatMap(({ changes }) => changes));
    expect(marks.map(({ mark }) => mark)).toEqual(['↻', '↻', '↻', '↻']);
    expect(versionsOn(a)).toEqual(['0.1.0']);
  });

  test('is refused before anything changes where a kernel lacks what it needs, or it is asked for wrongly', async () => {
    expect(await refusal(409, '0.4.0', {})).toMatch(
      /uwt-a, uwt-b cannot run it: .* lacks helper bpf_fib_lookup.*PLAN_IMPOSSIBLE/,
    );
    expect(await refusal(404, '9.9.9', {})).toContain('NOT_FOUND');
    expect(await refusal(400, '0.2.0', { canary: {} })).toContain('one of hosts and percent');
    expect(await refusal(400, '0.2.0', { canary: { percent: 120 } })).toContain('percent');
    expect(await refusal(404, '0.2.0', { canary: { hosts: [first] } })).toContain('NOT_FOUND');
    expect(await refusal(404, '0.2.0', { services: [a.host.id] })).toContain('NOT_FOUND');
    const open = await truth.operations.running();
    expect(open).toEqual([]);
    expect(await truth.instances.change(first)).toBeNull();
  });

  test('goes to the canary of all services first, and to the other hosts when it did the same', async () => {
    for (const agent of [a, b]) agent.counts = counting(() => 'pass');
    const begun = await upgrade('0.2.0', { canary: { hosts: [a.host.id] }, band: { windowSeconds: 1 } });
    const paths = pathsOf(begun);
    expect(paths).toHaveLength(2);
    await waitFor('the canary to have it', () => versionsOn(a).join() === '0.2.0');
    expect(versionsOn(b)).toEqual(['0.1.0']);
    expect((await read(paths[0] ?? '')).phase).toMatch(/canary|watching/);
    type Tree = { chains: { hostName: string; hops: { plugin: string }[] }[] };
    const { chains } = await api.expect<Tree>(200, 'GET', `/underware/v1/service_instances/${first}`);
    const shown = chains.flatMap(({ hostName, hops }) => hops.map(({ plugin }) => `${hostName} ${plugin}`));
    expect(shown.sort()).toEqual(['uwt-a probe@0.2.0', 'uwt-b probe@0.1.0']);
    // Whoever comes next goes on from what is kept.
    await orchestrator.stop();
    ({ orchestrator, api } = await startOver(servers));
    for (const path of paths) await api.settle(path, 'COMPLETED');
    expect([versionsOn(a), versionsOn(b)]).toEqual([['0.2.0'], ['0.2.0']]);
    const { canary } = await read(paths[0] ?? '');
    expect(canary).toMatchObject({ hosts: ['uwt-a'], outcome: 'inside' });
    expect(canary?.figures.map(({ host, reason }) => `${host} ${reason}`)).toEqual([
      expect.stringMatching(/^uwt-a pass 100\.0 % → 100\.0 % of \d+ and \d+ packets$/),
    ]);
    expect(await upgrade('0.2.0')).toMatchObject({ services: [] });
  }, 30_000);

  test('that does something else on its canary is taken back by itself, from all services', async () => {
    a.counts = counting(({ plugin, port }) =>
      plugin.version === '0.3.0' && port.startsWith(first) ? 'drop' : 'pass',
    );
    const before = b.told.length;
    const begun = await upgrade('0.3.0', { canary: { percent: 1 }, band: { windowSeconds: 1 } });
    const paths = pathsOf(begun);
    for (const path of paths) await api.settle(path, 'ROLLED_BACK');
    const bad = begun.services.findIndex(({ nsInstanceId }) => nsInstanceId === first);
    const [guilty, other] = [await read(paths[bad] ?? ''), await read(paths[1 - bad] ?? '')];
    expect(guilty.error?.report).toMatchObject({
      code: 'CANARY_OUTSIDE',
      why: expect.stringMatching(
        /^meter on server_port tcx\/egress on uwt-a: drop 0\.0 % of \d+ packets before, 100\.0 % of \d+ after/,
      ),
    });
    expect(guilty.canary?.outcome).toBe('outside');
    expect(other.error?.report?.why).toContain('uwt-first, which tries it as well, is taken back');
    expect([versionsOn(a), versionsOn(b)]).toEqual([['0.2.0'], ['0.2.0']]);
    const toldMeanwhile = b.told
      .slice(before)
      .flatMap(({ slices }) => slices.flatMap(({ slice }) => slice.instances));
    expect(toldMeanwhile.filter(({ plugin }) => plugin.version === '0.3.0')).toEqual([]);
  }, 30_000);

  test('that cannot be loaded on its canary is taken back by itself, and so is one that judged no packet', async () => {
    a.script = ({ service, stage, slice }) =>
      slice.instances.some(({ plugin }) => plugin.version === '0.3.0')
        ? { service, stage: 'failed', error: { ...FAILURE, code: 'STATE_INCOMPATIBLE' } }
        : { service, stage };
    const body = { canary: { percent: 1 }, band: { windowSeconds: 1 }, services: [first] };
    const [refused = ''] = pathsOf(await upgrade('0.3.0', body));
    await api.settle(refused, 'ROLLED_BACK');
    expect((await read(refused)).error?.report?.code).toBe('STATE_INCOMPATIBLE');
    a.script = ({ service, stage }) => ({ service, stage });
    const [idle = ''] = pathsOf(await upgrade('0.3.0', body));
    await api.settle(idle, 'ROLLED_BACK');
    expect((await read(idle)).error?.report?.why).toBe('no instance on its hosts judged 100 packets');
    expect(versionsOn(a)).toEqual(['0.2.0']);
  }, 30_000);

  test('comes to one service alone, also a lower one, and without a canary at once', async () => {
    const [path = ''] = pathsOf(await upgrade('0.1.0', { services: [second] }));
    await api.settle(path, 'COMPLETED');
    expect(versionsOn(a)).toEqual(['0.1.0', '0.2.0']);
    const rest = await upgrade('0.2.0');
    expect(rest.services.map(({ nsInstanceId }) => nsInstanceId)).toEqual([second]);
    await api.settle(pathsOf(rest)[0] ?? '', 'COMPLETED');
    expect(versionsOn(b)).toEqual(['0.2.0']);
  });

  test('comes, or goes back, wherever its orchestrator dies on the way', async () => {
    await orchestrator.stop();
    const dying = new Dying();
    ({ orchestrator, api } = await startOver(servers, dying));
    for (const agent of [a, b]) agent.counts = counting(() => 'pass');
    const body = { canary: { percent: 1 }, band: { windowSeconds: 1 } };
    for (const path of pathsOf(await upgrade('0.1.0', body))) await api.settle(path, 'COMPLETED');
    expect([versionsOn(a), versionsOn(b)]).toEqual([['0.1.0'], ['0.1.0']]);
    dying.points = ['decided', 'dispatched'];
    a.counts = counting(({ plugin }) => (plugin.version === '0.2.0' ? 'aborted' : 'pass'));
    for (const path of pathsOf(await upgrade('0.2.0', body))) await api.settle(path, 'ROLLED_BACK');
    expect([versionsOn(a), versionsOn(b)]).toEqual([['0.1.0'], ['0.1.0']]);
    expect([...dying.moments]).toEqual(
      expect.arrayContaining([
        'observe measuring decided',
        'ask canary decided',
        'ask canary committed',
        'ask canary dispatched',
        'observe watching committed',
        'judge watching committed',
        'turn-back watching decided',
        'ask conditioning dispatched',
        'finish conditioning decided',
        'finish conditioning committed',
      ]),
    );
    expect(await truth.instances.change(first)).toBeNull();
    await orchestrator.stop();
    ({ orchestrator, api } = await startOver(servers));
  }, 60_000);

  test('takes the place of what hosts hold for good, and lets the rest go', async () => {
    const plan = await truth.instances.latestPlan(first);
    const [instance] = plan?.slices[a.host.id]?.instances ?? [];
    if (instance === undefined) throw new Error('the plan has no instance');
    const since = new Date();
    for (const [id, until] of [
      ['aaaaaaaaaaaaaaaa', null],
      ['bbbbbbbbbbbbbbbb', new Date(Date.now() + 3_600_000)],
    ] as const) {
      const held = { ...instance, id, key: `${id}-${instance.revision}` };
      const nsdId = (await truth.instances.find(first))?.nsdId ?? null;
      const rest = { nsdId, memoryBytes: 1, since, until, reason: 'a test' };
      await truth.residency.hold({ hostId: a.host.id, key: held.key, instance: held, ...rest });
    }
    const begun = await upgrade('0.3.0');
    for (const path of pathsOf(begun)) await api.settle(path, 'COMPLETED');
    await waitFor('a to hold the new version', () => a.told.at(-1)?.held?.length === 1);
    const [held] = a.told.at(-1)?.held ?? [];
    expect(held?.plugin.version).toBe('0.3.0');
    expect(held?.key).toBe(`aaaaaaaaaaaaaaaa-${held?.revision}`);
    expect(held?.revision).not.toBe(instance.revision);
  });
});
