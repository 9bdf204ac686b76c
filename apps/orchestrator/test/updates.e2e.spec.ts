import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import type { DesiredSlice } from '@underware/core';
import { waitFor } from '@underware/testkit';
import type { Orchestrator } from '../src/start.js';
import type { Api } from './api.spec-support.js';
import { THIRD, twoVnfs } from './descriptor.spec-support.js';
import { FAILURE, FakeAgent } from './fake-agent.spec-support.js';
import { startOver } from './orchestrator.spec-support.js';
import { startServers, sweepServers } from './servers.spec-support.js';
import type { Servers } from './servers.spec-support.js';

const prefix = 'uwt-orchestrator-updates-';

const three = (): string => `${twoVnfs().trimEnd()}${THIRD}\n`;

/** What an agent was told of the one service there is, each state once. */
function toldTo(agent: FakeAgent, from = 0): DesiredSlice[] {
  const slices = agent.told.slice(from).flatMap(({ slices: all }) => all);
  return slices.filter((slice, i) => JSON.stringify(slice) !== JSON.stringify(slices[i - 1]));
}

const vnfsOf = (slice: DesiredSlice | undefined): string[] =>
  slice?.slice.workloads.map(({ vnf }) => vnf) ?? [];

describe('updates of a service that runs', () => {
  let servers: Servers;
  let orchestrator: Orchestrator;
  let api: Api;
  let a: FakeAgent;
  let b: FakeAgent;
  let instance: string;
  let told: number;

  beforeAll(async () => {
    await sweepServers(prefix);
    servers = await startServers(prefix, 'postgres');
    ({ orchestrator, api } = await startOver(servers));
    a = new FakeAgent(await api.enrol('uwt-a', { side: 'a' }), 1);
    b = new FakeAgent(await api.enrol('uwt-b', { side: 'b' }), 2);
    await a.start();
    await b.start();
    await waitFor('two ready hosts', async () => {
      const hosts = await api.expect<{ ready: boolean }[]>(200, 'GET', '/underware/v1/hosts');
      return hosts.filter((host) => host.ready).length === 2;
    });
    instance = await api.createInstance(twoVnfs());
    await api.settle(await api.start(instance, 'instantiate'), 'COMPLETED');
    told = a.told.length;
  }, 60_000);

  afterEach(() => {
    for (const agent of [a, b]) agent.script = ({ service, stage }) => ({ service, stage });
    told = a.told.length;
  });

  afterAll(async () => {
    await a.stop();
    await b.stop();
    await orchestrator.stop();
    await servers.stop();
    await sweepServers(prefix);
  });

  async function update(yaml: string, inputs?: object): Promise<string> {
    const newNsdId = await api.onboard(yaml);
    return api.start(instance, 'update', {
      updateType: 'ASSOC_NEW_NSD_VERSION',
      assocNewNsdVersionData: { newNsdId },
      ...(inputs === undefined ? {} : { additionalParamsForNs: { inputs } }),
    });
  }

  test('condition every host before a new VNF starts, while what stays goes on with its addresses', async () => {
    const before = toldTo(a).at(-1);
    let release = false;
    b.script = ({ service, stage }) => ({ service, stage: release ? stage : 'conditioned' });
    const path = await update(three());
    await waitFor('a to be told of the port', () => toldTo(a, told).length === 1);
    expect((await api.operation(path)).phase).toBe('conditioning');
    release = true;
    await b.stop();
    await b.start();
    await api.settle(path, 'COMPLETED');
    const [first, second, ...more] = toldTo(a, told);
    expect(more).toEqual([]);
    expect([first, second].map((slice) => [slice?.stage, vnfsOf(slice)])).toEqual([
      ['running', ['server']],
      ['running', ['server', 'third']],
    ]);
    expect(first?.slice.ports).toHaveLength(2);
    expect(first?.slice.ports).toEqual(expect.arrayContaining(before?.slice.ports ?? []));
    expect(second?.slice.workloads).toEqual(expect.arrayContaining(before?.slice.workloads ?? []));
  });

  test('stop what goes, and restart what has other inputs, without another descriptor', async () => {
    await api.settle(await update(twoVnfs()), 'COMPLETED');
    expect(vnfsOf(toldTo(a, told).at(-1))).toEqual(['server']);
    const from = a.told.length;
    const path = await api.start(instance, 'update', {
      updateType: 'ASSOC_NEW_NSD_VERSION',
      additionalParamsForNs: { inputs: { greeting: 'good day' } },
    });
    await api.settle(path, 'COMPLETED');
    expect(toldTo(a, from).map(vnfsOf)).toEqual([[], ['server']]);
    expect(a.told.at(-1)?.slices[0]?.slice.workloads[0]?.command).toEqual(['/bin/echo', 'good day']);
    expect(toldTo(b, 0).at(-1)?.slice.workloads).toHaveLength(1);
  });

  test('that fail can be retried, and rolled back to what was there before', async () => {
    const before = a.told.at(-1)?.slices;
    const nsd = (await api.expect<{ nsdId: string }>(200, 'GET', `/nslcm/v1/ns_instances/${instance}`)).nsdId;
    b.script = ({ service }) => ({ service, stage: 'failed', error: FAILURE });
    const path = await update(three());
    await api.settle(path, 'FAILED_TEMP');
    const tried = b.told.length;
    await api.expect(202, 'POST', `${path}/retry`);
    await waitFor('b to be told again', () => b.told.length > tried);
    await api.settle(path, 'FAILED_TEMP');
    b.script = ({ service, stage }) => ({ service, stage });
    await api.expect(202, 'POST', `${path}/rollback`);
    await api.settle(path, 'ROLLED_BACK');
    expect(a.told.at(-1)?.slices).toEqual(before);
    expect(await api.expect(200, 'GET', `/nslcm/v1/ns_instances/${instance}`)).toMatchObject({
      nsdId: nsd,
      nsState: 'INSTANTIATED',
    });
    const { id } = await api.expect<{ id: string }>(200, 'GET', `/underware/v1/plans/${instance}`);
    const again = await api.start(instance, 'update', { updateType: 'ASSOC_NEW_NSD_VERSION' });
    await api.settle(again, 'COMPLETED');
    expect((await api.expect<{ id: string }>(200, 'GET', `/underware/v1/plans/${instance}`)).id).not.toBe(id);
    expect(a.told.at(-1)?.slices).toEqual(before);
  });

  test('are finished by the next orchestrator where one ends in the middle', async () => {
    b.script = ({ service }) => ({ service, stage: 'conditioned' });
    const path = await update(three());
    await waitFor('a to be told of the port', () => toldTo(a, told).length === 1);
    await orchestrator.stop();
    ({ orchestrator, api } = await startOver(servers));
    expect((await api.operation(path)).operationState).toBe('PROCESSING');
    b.script = ({ service, stage }) => ({ service, stage });
    await b.stop();
    await b.start();
    await api.settle(path, 'COMPLETED');
    expect(vnfsOf(a.told.at(-1)?.slices[0])).toEqual(['server', 'third']);
  }, 30_000);

  test('that are given up leave the service with what was asked for last', async () => {
    b.script = ({ service }) => ({ service, stage: 'failed', error: FAILURE });
    const path = await update(twoVnfs(), { greeting: null });
    await api.settle(path, 'FAILED_TEMP');
    await api.expect(202, 'POST', `${path}/fail`);
    await api.settle(path, 'FAILED');
    await waitFor('a to be the new plan', () => vnfsOf(a.told.at(-1)?.slices[0]).length === 1);
    expect(a.told.at(-1)?.slices[0]?.slice.workloads[0]?.command).toEqual(['/bin/echo', 'hello']);
  });

  test('that cannot be are refused before anything changes', async () => {
    const operations = await api.expect<unknown[]>(200, 'GET', '/nslcm/v1/ns_lcm_op_occs');
    const target = `/nslcm/v1/ns_instances/${instance}/update`;
    const refusal = async (status: number, body: unknown): Promise<string> =>
      JSON.stringify(await api.expect(status, 'POST', target, { body }));
    const to = async (yaml: string) => ({
      updateType: 'ASSOC_NEW_NSD_VERSION',
      assocNewNsdVersionData: { newNsdId: await api.onboard(yaml) },
    });
    expect(await refusal(409, await to(twoVnfs().replace('side: b', 'side: c')))).toContain(
      'PLAN_IMPOSSIBLE',
    );
    expect(await refusal(409, await to(twoVnfs().replace('uwt-pair', 'uwt-other')))).toContain(
      'the descriptor is of uwt-other, it is uwt-pair',
    );
    expect(await refusal(400, { updateType: 'SCALE' })).toContain('updateType');
    expect(
      await refusal(422, {
        updateType: 'ASSOC_NEW_NSD_VERSION',
        additionalParamsForNs: { inputs: { nothing: 1 } },
      }),
    ).toContain('nothing');
    const down = await api.createInstance(twoVnfs(), 'uwt-down');
    await api.expect(409, 'POST', `/nslcm/v1/ns_instances/${down}/update`, {
      body: { updateType: 'ASSOC_NEW_NSD_VERSION' },
    });
    expect(await api.expect(200, 'GET', '/nslcm/v1/ns_lcm_op_occs')).toEqual(operations);
    expect(a.told).toHaveLength(told);
  });
});
