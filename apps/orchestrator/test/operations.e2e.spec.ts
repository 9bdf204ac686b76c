import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import type { QuestionOf } from '@underware/jobs';
import type { InstanceEvents } from '@underware/core';
import { openTruth } from '@underware/store';
import { waitFor } from '@underware/testkit';
import type { Orchestrator } from '../src/start.js';
import type { Api } from './api.spec-support.js';
import { twoVnfs } from './descriptor.spec-support.js';
import { FAILURE, FakeAgent } from './fake-agent.spec-support.js';
import { startOver } from './orchestrator.spec-support.js';
import { BACKENDS, startServers, sweepServers } from './servers.spec-support.js';
import type { Servers } from './servers.spec-support.js';

const prefix = 'uwt-orchestrator-operations-';

/** The same stage told twice in a row is one. */
function dedupe(stages: string[]): string[] {
  return stages.filter((stage, i) => stage !== stages[i - 1]);
}

beforeAll(() => sweepServers(prefix));
afterAll(() => sweepServers(prefix));

describe.each(BACKENDS)('operations over queues on %s', (kind) => {
  let servers: Servers;
  let orchestrator: Orchestrator;
  let api: Api;
  let a: FakeAgent;
  let b: FakeAgent;

  beforeAll(async () => {
    servers = await startServers(prefix, kind);
    ({ orchestrator, api } = await startOver(servers));
    a = new FakeAgent(await api.enrol('uwt-a', { side: 'a' }), 1);
    b = new FakeAgent(await api.enrol('uwt-b', { side: 'b' }), 2);
    await a.start();
    await b.start();
    await ready(2);
  }, 60_000);

  afterEach(() => {
    for (const agent of [a, b]) agent.script = ({ service, stage }) => ({ service, stage });
  });

  afterAll(async () => {
    await a.stop();
    await b.stop();
    await orchestrator.stop();
    await servers.stop();
  });

  async function ready(count: number): Promise<void> {
    await waitFor(`${count} ready hosts`, async () => {
      const hosts = await api.expect<{ ready: boolean }[]>(200, 'GET', '/underware/v1/hosts');
      return hosts.filter((host) => host.ready).length === count;
    });
  }

  async function deploy(subnet?: string): Promise<string> {
    const instance = await api.createInstance(twoVnfs(subnet));
    await api.settle(await api.start(instance, 'instantiate'), 'COMPLETED');
    return instance;
  }

  async function end(instance: string): Promise<void> {
    await api.settle(await api.start(instance, 'terminate'), 'COMPLETED');
    await api.expect(204, 'DELETE', `/nslcm/v1/ns_instances/${instance}`);
  }

  test('conditions every host before any VNF starts, and takes it down in reverse', async () => {
    const instance = await api.createInstance(twoVnfs());
    const before = { a: a.told.length, b: b.told.length };
    const path = await api.start(instance, 'instantiate');
    await api.settle(path, 'COMPLETED');
    expect(await api.nsState(instance)).toBe('INSTANTIATED');
    const stagesOf = (agent: FakeAgent, from: number): string[] =>
      agent.told
        .slice(from)
        .map(({ slices }) => slices.find(({ service }) => service === instance)?.stage ?? 'absent');
    expect(dedupe(stagesOf(a, before.a))).toEqual(['conditioned', 'running']);
    expect(dedupe(stagesOf(b, before.b))).toEqual(['conditioned', 'running']);

    const steps = await api.expect<{ name: string; hostName: string }[]>(
      200,
      'GET',
      `/underware/v1/operations/${path.split('/').at(-1) ?? ''}/steps`,
    );
    const names = steps.map(({ name }) => name);
    expect(names.lastIndexOf('become conditioned')).toBeLessThan(names.indexOf('become running'));
    expect(new Set(steps.map(({ hostName }) => hostName))).toEqual(new Set(['uwt-a', 'uwt-b']));

    const down = { a: a.told.length, b: b.told.length };
    await end(instance);
    expect(dedupe(stagesOf(a, down.a))).toEqual(['conditioned', 'absent']);
    expect(dedupe(stagesOf(b, down.b))).toEqual(['conditioned', 'absent']);
    expect(a.stages()).toEqual({});
  });

  test('holds the VNFs of all hosts back while one host is not conditioned', async () => {
    let release = false;
    b.script = ({ service, stage }) => ({ service, stage: release ? stage : 'absent' });
    const instance = await api.createInstance(twoVnfs());
    const path = await api.start(instance, 'instantiate');
    await waitFor('a to be conditioned', () => a.stages()[instance] === 'conditioned');
    await waitFor('b to be told', () => b.stages()[instance] === 'conditioned');
    expect((await api.operation(path)).phase).toBe('conditioning');
    expect(
      a.told.some(({ slices }) =>
        slices.some((each) => each.service === instance && each.stage === 'running'),
      ),
    ).toBe(false);
    release = true;
    await b.stop();
    await b.start();
    await api.settle(path, 'COMPLETED');
    await end(instance);
  });

  test('a failed step leaves FAILED_TEMP with its report, from which retry works', async () => {
    b.script = ({ service }) => ({ service, stage: 'failed', error: FAILURE });
    const instance = await api.createInstance(twoVnfs());
    const path = await api.start(instance, 'instantiate');
    await api.settle(path, 'FAILED_TEMP');
    const failed = await api.operation(path);
    expect(failed.error?.report).toMatchObject({ code: 'VERIFIER_REJECTED', on: `uwt-b: ${FAILURE.on}` });
    expect(await api.nsState(instance)).toBe('NOT_INSTANTIATED');
    await api.expect(409, 'DELETE', `/nslcm/v1/ns_instances/${instance}`);
    await api.expect(409, 'POST', `/nslcm/v1/ns_instances/${instance}/instantiate`, { body: {} });

    b.script = ({ service, stage }) => ({ service, stage });
    await api.expect(202, 'POST', `${path}/retry`);
    await api.settle(path, 'COMPLETED');
    await api.expect(409, 'POST', `${path}/retry`);
    await end(instance);
  });

  test('rollback of a failed start stops, unconditions and leaves nothing', async () => {
    b.script = ({ service, stage }) =>
      stage === 'running' ? { service, stage: 'failed', error: FAILURE } : { service, stage };
    const instance = await api.createInstance(twoVnfs());
    const path = await api.start(instance, 'instantiate');
    await api.settle(path, 'FAILED_TEMP');
    await api.expect(202, 'POST', `${path}/rollback`);
    await api.settle(path, 'ROLLED_BACK');
    expect(await api.nsState(instance)).toBe('NOT_INSTANTIATED');
    expect(a.stages()[instance]).toBeUndefined();
    expect(b.stages()[instance]).toBeUndefined();
    await api.expect(204, 'DELETE', `/nslcm/v1/ns_instances/${instance}`);
  });

  test('rollback of a failed termination brings the service back', async () => {
    const instance = await deploy();
    a.script = ({ service, stage }) =>
      stage === 'conditioned' ? { service, stage: 'failed', error: FAILURE } : { service, stage };
    const path = await api.start(instance, 'terminate');
    await api.settle(path, 'FAILED_TEMP');
    a.script = ({ service, stage }) => ({ service, stage });
    await api.expect(202, 'POST', `${path}/rollback`);
    await api.settle(path, 'ROLLED_BACK');
    expect(await api.nsState(instance)).toBe('INSTANTIATED');
    expect(a.stages()[instance]).toBe('running');
    await end(instance);
  });

  test('an instantiation that was given up asks nothing of any host any more', async () => {
    b.script = ({ service }) => ({ service, stage: 'failed', error: FAILURE });
    const instance = await api.createInstance(twoVnfs());
    const path = await api.start(instance, 'instantiate');
    await api.settle(path, 'FAILED_TEMP');
    await api.expect(202, 'POST', `${path}/fail`);
    await api.settle(path, 'FAILED');
    await waitFor('a and b to hold nothing', () => !a.stages()[instance] && !b.stages()[instance]);
    await api.expect(204, 'DELETE', `/nslcm/v1/ns_instances/${instance}`);
  });

  test('a host that falls silent is named, and the operation goes on when it is back', async () => {
    const instance = await api.createInstance(twoVnfs());
    await b.stop();
    const path = await api.start(instance, 'instantiate');
    await api.settle(path, 'FAILED_TEMP');
    expect((await api.operation(path)).error?.report).toMatchObject({
      code: 'HOST_UNREACHABLE',
      on: 'uwt-b',
      why: expect.stringMatching(/last heard of at \d{4}-/),
    });
    await b.start();
    await ready(2);
    await api.expect(202, 'POST', `${path}/retry`);
    await api.settle(path, 'COMPLETED');
    await end(instance);
  });

  test('a plan that is impossible says why for every host, and works once it is possible', async () => {
    await b.stop();
    await ready(1);
    const instance = await api.createInstance(twoVnfs());
    const path = await api.start(instance, 'instantiate');
    await api.settle(path, 'FAILED_TEMP');
    const { error } = await api.operation(path);
    expect(error).toMatchObject({ status: 409, report: { code: 'PLAN_IMPOSSIBLE' } });
    expect(JSON.stringify(error)).toContain('uwt-b is not ready');
    await b.start();
    await ready(2);
    await api.expect(202, 'POST', `${path}/retry`);
    await api.settle(path, 'COMPLETED');
    await end(instance);
  });

  test('operations on the same hosts run at the same time and do not undo each other', async () => {
    const instances = await Promise.all(
      Array.from({ length: 6 }, (_each, i) => api.createInstance(twoVnfs(`10.78.${i}.0/24`), `uwt-${i}`)),
    );
    const paths = await Promise.all(instances.map((instance) => api.start(instance, 'instantiate')));
    await Promise.all(paths.map((path) => api.settle(path, 'COMPLETED')));
    for (const agent of [a, b]) {
      expect(agent.stages()).toEqual(Object.fromEntries(instances.map((instance) => [instance, 'running'])));
    }
    await Promise.all(instances.map((instance) => end(instance)));
    await waitFor(
      'both hosts to hold nothing',
      () => ![a, b].some((agent) => Object.keys(agent.stages()).length > 0),
    );
  }, 60_000);

  test('an agent that starts anew is told what its host must be', async () => {
    const instance = await deploy();
    const told = a.told.length;
    await a.stop();
    await a.start();
    await waitFor('a to be told again', () => a.told.slice(told).some(({ slices }) => slices.length === 1));
    await end(instance);
  });

  test('an agent that says again who it is, is not told again', async () => {
    const told = a.told.length;
    await a.say({ type: 'registered', facts: a.facts });
    await a.say({ type: 'audit', error: { ...FAILURE, code: 'BPFFS_MISSING' } });
    await waitFor('what it said after that', async () => {
      const trail = await api.expect<{ outcome: string }[]>(200, 'GET', '/underware/v1/audit');
      return trail.some(({ outcome }) => outcome === 'BPFFS_MISSING');
    });
    const instance = await deploy();
    // Only the two stages of the deployment.
    expect(dedupe(a.told.slice(told).map(({ generation }) => String(generation)))).toHaveLength(2);
    await end(instance);
  });

  test('a host that was told more than a restored database knows is overtaken', async () => {
    const instance = await deploy();
    const claimed = (a.told.at(-1)?.generation ?? 0) + 1_000;
    await a.claim(claimed);
    await waitFor('a to be told above that', () => (a.told.at(-1)?.generation ?? 0) > claimed);
    expect(a.told.at(-1)?.slices).toMatchObject([{ service: instance, stage: 'running' }]);
    const generation = a.told.at(-1)?.generation;
    await a.say({ type: 'applied', generation: 2 ** 31 - 1, slices: [] });
    await end(instance);
    expect(a.told.at(-1)?.generation).toBeLessThan((generation ?? 0) + 10);
  });

  test('what a host holds protects it from removal', async () => {
    const instance = await deploy();
    await api.expect(409, 'DELETE', `/underware/v1/hosts/${a.host.id}`);
    const text = await api.call('GET', `/underware/v1/logs/${instance}/server?tail=7`);
    expect(text).toMatchObject({ status: 200, text: 'the last 7 lines of server\n' });
    await end(instance);
  });

  test('asks the host of a port what its chain does, and says what it refuses', async () => {
    const instance = await deploy();
    const asked: QuestionOf<'trace'>[] = [];
    a.answers.trace = async (question) => {
      asked.push(question);
      return { verdict: 'pass', sent: '', hops: [] };
    };
    const trace = (body: object, status: number): Promise<Record<string, unknown>> =>
      api.expect(status, 'POST', `/underware/v1/service_instances/${instance}/trace`, { body });
    const packet = 'udp client_port:7 > server_port:53';
    expect(await trace({ port: 'server_port', packet }, 200)).toMatchObject({
      port: 'server_port',
      direction: 'inbound',
      hook: 'tcx/egress',
      verdict: 'pass',
      hops: [],
    });
    expect(asked).toMatchObject([
      { port: `${instance}/server_port`, packet: { protocol: 'udp', sourcePort: 7, destinationPort: 53 } },
    ]);
    expect(asked[0]?.packet.source).toMatch(/^10\.77\.0\./);
    await trace({ port: 'server_port' }, 400);
    await trace({ port: 'server_port', packet: 'udp client_port' }, 400);
    await trace({ port: 'server_port', packet: 'udp fd00::1 > server_port' }, 400);
    await trace({ port: 'other_port', packet }, 404);
    a.answers.trace = () => Promise.reject(new UnderwareError({ ...FAILURE, code: 'STATE_CONFLICT' }));
    expect(await trace({ port: 'server_port', packet }, 409)).toMatchObject({
      report: { on: FAILURE.on, why: FAILURE.why },
    });
    // No plugin was onboarded: there is neither an instance nor a firewall to be asked for.
    const base = `/underware/v1/service_instances/${instance}`;
    const maps = `${base}/plugin_instances/0123456789abcdef-01234567/maps`;
    await api.expect(404, 'GET', maps);
    await api.expect(404, 'GET', `${maps}/counters?offset=5&limit=7`);
    await api.expect(400, 'GET', `${maps}/counters?limit=1001`);
    await api.expect(400, 'PUT', `${maps}/counters/entries/%7Bx`, { body: { value: 1 } });
    await api.expect(400, 'PUT', `${maps}/counters/entries/0`, { body: {} });
    await api.expect(404, 'DELETE', `${maps}/counters/entries/0`);
    await api.expect(404, 'GET', `${base}/connections?protocol=tcp&port=80`);
    await api.expect(400, 'GET', `${base}/connections?protocol=sctp`);
    await api.expect(400, 'DELETE', `${base}/connections`);
    await api.expect(404, 'DELETE', `${base}/connections?all=true`);
    const trail = await api.expect<{ action: string; outcome: string }[]>(200, 'GET', '/underware/v1/audit');
    expect(trail.slice(0, 5).map(({ action, outcome }) => `${action} ${outcome}`)).toEqual([
      'connections.flush NOT_FOUND',
      'connections.flush INPUT_INVALID',
      'map.delete NOT_FOUND',
      'map.set INPUT_INVALID',
      'map.set INPUT_INVALID',
    ]);
    await end(instance);
    await trace({ port: 'server_port', packet }, 404);
  });

  test('asks nothing of a host that is silent, and says so at once', async () => {
    const instance = await deploy();
    await Promise.all([a.stop(), b.stop()]);
    await ready(0);
    const asked = Date.now();
    const body = { port: 'server_port', packet: 'udp client_port:7 > server_port:53' };
    const path = `/underware/v1/service_instances/${instance}/trace`;
    expect(await api.expect(504, 'POST', path, { body })).toMatchObject({
      report: {
        code: 'HOST_UNREACHABLE',
        attempted: 'trace a packet at server_port tcx/egress',
        on: expect.stringMatching(/^uwt-[ab]$/),
        why: expect.stringMatching(/last heard of at \d{4}-/),
      },
    });
    expect(Date.now() - asked).toBeLessThan(5_000);
    await Promise.all([a.start(), b.start()]);
    await ready(2);
    await end(instance);
  });

  test('late, repeated and forged reports change nothing', async () => {
    const instance = await deploy();
    const truth = await openTruth(servers.databaseUrl);
    try {
      const before = await truth.hosts.find(a.host.id);
      await a.say({ type: 'applied', generation: 1, slices: [{ service: instance, stage: 'failed' }] }, 0);
      const thief = new FakeAgent({ ...a.host, token: b.host.token });
      await thief.start();
      await thief.say({ type: 'applied', generation: 9_999, slices: [] });
      await thief.stop();
      await a.say({ type: 'audit', error: { ...FAILURE, code: 'PACKAGE_ALTERED' } });
      await waitFor('the last message to be taken', async () => {
        const trail = await api.expect<{ outcome: string; actor: string }[]>(
          200,
          'GET',
          '/underware/v1/audit',
        );
        return trail.some(({ outcome, actor }) => outcome === 'PACKAGE_ALTERED' && actor === 'host uwt-a');
      });
      const after = await truth.hosts.find(a.host.id);
      expect(after?.report).toEqual(before?.report);
      expect(after?.boot).toBe(before?.boot);
    } finally {
      await truth.close();
    }
    await end(instance);
  });

  test('keeps what plugins report of packets, once and within a bound', async () => {
    const instance = await api.createInstance(twoVnfs());
    const path = `/underware/v1/packet_events/${instance}`;
    const sequence = 1_000_000;
    for (const _ of [1, 2])
      await a.say({ type: 'events', instances: [said('uw residency', 1), said(instance, 3, 7)] }, sequence);
    type Told = {
      id: string;
      port: string;
      direction: string;
      hostName: string;
      lost: number;
      record: object;
    };
    const list = (query = '') => api.expect<Told[]>(200, 'GET', `${path}${query}`);
    await waitFor('the events', async () => (await list()).length > 0);
    const told = await list();
    expect(told).toMatchObject([
      { port: 'server_port', direction: 'outbound', hostName: 'uwt-a', lost: 7, record: { number: 0 } },
      { lost: 0, record: { number: 1 } },
      { lost: 0, record: { number: 2 } },
    ]);
    expect((await list('?limit=1')).map(({ record }) => record)).toEqual([{ number: 2 }]);
    expect(await list(`?after=${told[1]?.id ?? ''}`)).toHaveLength(1);
    for (const query of ['?limit=0', '?limit=2001', '?limit=x', '?after=x'])
      await api.expect(400, 'GET', `${path}${query}`);
    const truth = await openTruth(servers.databaseUrl);
    try {
      const at = new Date().toISOString();
      const message = { type: 'events', host: a.host.id, boot: 'later', sequence: 1, at } as const;
      await truth.packetEvents.add({ ...message, instances: [said(instance, 4)] }, 5);
      expect((await list()).map(({ record }) => record)).toEqual(
        [2, 0, 1, 2, 3].map((number) => ({ number })),
      );
    } finally {
      await truth.close();
    }
    await api.expect(204, 'DELETE', `/nslcm/v1/ns_instances/${instance}`);
  });

  // The Postgres backend's queues are as durable as the truth itself; Redis may be wiped at any moment.
  if (kind === 'redis')
    test('a wiped queue loses nothing', async () => {
      const instances = await Promise.all([
        api.createInstance(twoVnfs('10.79.1.0/24')),
        api.createInstance(twoVnfs('10.79.2.0/24')),
      ]);
      const paths = await Promise.all(instances.map((instance) => api.start(instance, 'instantiate')));
      await servers.wipeQueue?.();
      await Promise.all(paths.map((path) => api.settle(path, 'COMPLETED')));
      await Promise.all(instances.map((instance) => end(instance)));
    }, 60_000);

  test('a service leaves a host that is gone for good by its removal with force', async () => {
    const instance = await deploy();
    await b.stop();
    const path = await api.start(instance, 'terminate');
    await api.settle(path, 'FAILED_TEMP');
    expect((await api.operation(path)).error?.report).toMatchObject({
      code: 'HOST_UNREACHABLE',
      remedy: expect.stringContaining('remove it with force, then retry'),
    });
    await api.expect(409, 'DELETE', `/underware/v1/hosts/${b.host.id}`);
    await api.expect(204, 'DELETE', `/underware/v1/hosts/${b.host.id}?force=true`);
    await api.expect(202, 'POST', `${path}/retry`);
    await api.settle(path, 'COMPLETED');
    expect(await api.nsState(instance)).toBe('NOT_INSTANTIATED');
    expect(a.stages()).toEqual({});
  }, 30_000);
});

function said(service: string, count: number, lost = 0): InstanceEvents {
  const at = '2026-01-01T00:00:00.000Z';
  const events = Array.from({ length: count }, (_, number) => ({ at, record: { number } }));
  return {
    key: 'k',
    underservice: 'meter',
    service,
    port: `${service}/server_port`,
    hook: 'xdp',
    events,
    lost,
  };
}
