import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DesiredSlice, ErrorReport, HostState, SliceReport } from '@underware/core';
import { waitFor } from '@underware/testkit';
import { mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DesiredStateStore } from './desired-state.js';
import { Executor } from './executor.js';
import { failure, MemoryHost, MemoryJournal, serviceSlice, stateOf } from './memory-host.spec-support.js';
import { Reconciler } from './reconciler.js';

let stateDir: string;
beforeEach(async () => {
  stateDir = await mkdtemp(join(tmpdir(), 'uwt-agent-'));
});
afterEach(async () => {
  await rm(stateDir, { recursive: true });
});

function agentOn(host: MemoryHost, delaysMs = [0, 0]) {
  const journal = new MemoryJournal();
  const said: { generation: number; slices: SliceReport[] }[] = [];
  const executor = new Executor(host, journal, () => undefined, delaysMs);
  const audits: ErrorReport[] = [];
  const store = new DesiredStateStore(stateDir, (error) => audits.push(error));
  const reconciler = new Reconciler(host, executor, store, (generation, slices) =>
    said.push({ generation, slices }),
  );
  return { reconciler, journal, said, executor, audits };
}

async function expectedAfter(state: HostState): Promise<unknown> {
  const host = MemoryHost.make();
  const other = new Reconciler(
    host,
    new Executor(host, new MemoryJournal(), () => undefined, []),
    { read: async () => undefined, write: async () => undefined } as unknown as DesiredStateStore,
    () => undefined,
  );
  await other.apply(state);
  return host.snapshot();
}

describe('Reconciler', () => {
  it('makes the host what it must be, says so, and changes nothing when told again', async () => {
    const host = MemoryHost.make();
    const { reconciler, said } = agentOn(host);
    const state = stateOf(1, serviceSlice(1), serviceSlice(2, 1, 'conditioned'));
    await reconciler.apply(state);
    expect(said.at(-1)).toEqual({
      generation: 1,
      slices: [
        { service: 'service-1', stage: 'running' },
        { service: 'service-2', stage: 'conditioned' },
      ],
    });
    const count = host.performed.length;
    await reconciler.apply(state);
    expect(host.performed).toHaveLength(count);
    expect(said).toHaveLength(2);
  });

  it('refuses an older generation and leaves the host alone', async () => {
    const host = MemoryHost.make();
    const { reconciler } = agentOn(host);
    await reconciler.apply(stateOf(5, serviceSlice(1)));
    const before = await host.snapshot();
    await expect(reconciler.apply(stateOf(4))).rejects.toMatchObject({ code: 'GENERATION_STALE' });
    expect(await host.snapshot()).toEqual(before);
  });

  it('keeps the desired state where only its owner can read it', async () => {
    await agentOn(MemoryHost.make()).reconciler.apply(stateOf(1, serviceSlice(1)));
    expect((await stat(join(stateDir, 'desired.json'))).mode & 0o777).toBe(0o600);
  });

  it('reports services that were removed as absent, also again and after a restart', async () => {
    const host = MemoryHost.make();
    const { reconciler } = agentOn(host);
    await reconciler.apply(stateOf(1, serviceSlice(1)));
    await reconciler.apply(stateOf(2));
    expect(await host.snapshot()).toEqual(await expectedAfter(stateOf(2)));
    const restarted = agentOn(host);
    await restarted.reconciler.apply(stateOf(2));
    expect(restarted.said.at(-1)?.slices).toEqual([{ service: 'service-1', stage: 'absent' }]);
  });

  it('undoes a slice that fails at any step, and the others go on', async () => {
    const state = stateOf(2, serviceSlice(1, 2), serviceSlice(2), serviceSlice(3));
    const gone = await expectedAfter(stateOf(1, serviceSlice(1, 2), serviceSlice(3)));
    let failedOnce = 0;
    for (let at = 1; ; at += 1) {
      await rm(join(stateDir, 'desired.json'), { force: true });
      const host = MemoryHost.make();
      const { reconciler, said, journal } = agentOn(host);
      await reconciler.apply(stateOf(1, serviceSlice(1)));
      const before = host.performed.length;
      let failing = true;
      host.before = (_, count) => {
        if (failing && count === before + at) {
          failing = false;
          throw failure('NETWORK_FAILED', 'test');
        }
      };
      await reconciler.apply(state);
      if (failing) break;
      failedOnce += 1;
      const failed = said.at(-1)?.slices.filter((slice) => slice.stage === 'failed') ?? [];
      expect(failed).toHaveLength(1);
      expect(failed[0]?.error?.code).toBe('NETWORK_FAILED');
      const expected = {
        'service-1': await expectedAfter(stateOf(1, serviceSlice(1), serviceSlice(2), serviceSlice(3))),
        'service-2': gone,
        'service-3': await expectedAfter(stateOf(1, serviceSlice(1, 2), serviceSlice(2))),
      }[failed[0]?.service ?? ''];
      expect(await host.snapshot()).toEqual(expected);
      expect(journal.entries.some(({ status }) => status === 'failed')).toBe(true);
      // What failed is not tried again by itself, and what was kept is kept.
      await reconciler.reconcile();
      expect(await host.snapshot()).toEqual(expected);
      // The next generation asks again.
      await reconciler.apply({ ...state, generation: 3 });
      expect(said.at(-1)?.slices.every(({ stage }) => stage === 'running')).toBe(true);
    }
    expect(failedOnce).toBeGreaterThan(20);
  });

  it('names the step when taking back fails, and mends the host as soon as it can', async () => {
    const host = MemoryHost.make();
    const { reconciler, said } = agentOn(host);
    let broken = true;
    host.before = ({ kind }) => {
      if (broken && (kind === 'start-workload' || kind === 'detach-root'))
        throw failure('NETWORK_FAILED', kind);
    };
    await reconciler.apply(stateOf(1, serviceSlice(1)));
    const error: ErrorReport | undefined = said.at(-1)?.slices[0]?.error;
    expect(error?.code).toBe('UNDO_FAILED');
    expect(error?.attempted).toBe('take back step "attach-root uw0001 xdp"');
    expect(error?.detail).toContain('made to fail');
    broken = false;
    await reconciler.reconcile();
    expect(await host.snapshot()).toEqual(await expectedAfter(stateOf(1)));
  });

  it('tries again what may pass by itself', async () => {
    const host = MemoryHost.make();
    const { reconciler, said } = agentOn(host);
    let failures = 2;
    host.before = ({ kind }) => {
      if (kind === 'load-instance' && failures > 0) {
        failures -= 1;
        throw failure('TIMED_OUT', 'the API');
      }
    };
    await reconciler.apply(stateOf(1, serviceSlice(1)));
    expect(said.at(-1)?.slices).toEqual([{ service: 'service-1', stage: 'running' }]);
  });

  it('mends drift, and says when that did not work and when it did', async () => {
    const host = MemoryHost.make();
    const { reconciler, said, journal } = agentOn(host);
    const state = stateOf(1, serviceSlice(1));
    await reconciler.apply(state);
    const whole = await host.snapshot();
    journal.entries.length = 0;

    host.fake.disturbRoot('uw0001', 'xdp', 'detach');
    await host.network.deleteNamespace('uw-0001');
    host.runtime.workloads.clear();
    host.before = ({ kind }) => {
      if (kind === 'start-workload') throw failure('WORKLOAD_FAILED', 'web');
    };
    await reconciler.reconcile();
    expect(said.at(-1)?.slices[0]).toMatchObject({ stage: 'failed', error: { code: 'WORKLOAD_FAILED' } });
    const count = said.length;
    host.before = () => undefined;
    await reconciler.reconcile();
    expect(await host.snapshot()).toEqual(whole);
    expect(said).toHaveLength(count + 1);
    expect(said.at(-1)?.slices[0]).toEqual({ service: 'service-1', stage: 'running' });
    expect(journal.entries.map(({ name }) => name)).toContain('create-namespace uw-0001');
  });

  it.each([
    ['goes back to what was before', (before: DesiredSlice[]) => before],
    ['ends the service', () => []],
    ['wants another revision', () => [serviceSlice(1, 3)]],
  ])('does not let a newer state wait behind a health check: one that %s', async (_, next) => {
    const host = MemoryHost.make();
    const { reconciler, said, journal } = agentOn(host);
    const first = [serviceSlice(1)];
    await reconciler.apply(stateOf(1, ...first));
    const slow = [serviceSlice(1, 2), serviceSlice(2)];
    for (const { slice } of slow) for (const workload of slice.workloads) workload.vnf = 'never healthy';
    const accepted: number[] = [];
    const stuck = reconciler.apply(stateOf(2, ...slow), () => accepted.push(2));
    await waitFor(
      'the health check',
      () => host.performed.filter((kind) => kind === 'check-health').length === 2,
    );
    expect(accepted).toEqual([2]);
    const newer = next(first);
    await Promise.all([stuck, reconciler.apply(stateOf(3, ...newer))]);
    expect(await host.snapshot()).toEqual(await expectedAfter(stateOf(3, ...newer)));
    expect(said.map(({ generation }) => generation)).toEqual([1, 3]);
    expect(said.at(-1)?.slices).toEqual(
      expect.arrayContaining([
        { service: 'service-1', stage: newer.length > 0 ? 'running' : 'absent' },
        { service: 'service-2', stage: 'absent' },
      ]),
    );
    expect(journal.entries.find(({ status }) => status === 'failed')?.error?.code).toBe('GENERATION_STALE');
  });

  it('waits for no other try of what may pass when a newer state comes', async () => {
    const host = MemoryHost.make();
    const { reconciler, said } = agentOn(host, [600_000]);
    host.before = ({ kind }) => {
      if (kind === 'load-instance') throw failure('TIMED_OUT', 'the API');
    };
    const stuck = reconciler.apply(stateOf(1, serviceSlice(1)));
    await waitFor('the first try', () => host.performed.includes('load-instance'));
    await Promise.all([stuck, reconciler.apply(stateOf(2))]);
    expect(said).toEqual([{ generation: 2, slices: [{ service: 'service-1', stage: 'absent' }] }]);
    expect(await host.snapshot()).toEqual(await expectedAfter(stateOf(2)));
  });

  it('starts a VNF that exited again, and holds back one that does so again and again where it can be seen', async () => {
    const host = MemoryHost.make();
    const { reconciler, said } = agentOn(host);
    await reconciler.apply(stateOf(1, serviceSlice(1)));
    const [live] = host.runtime.workloads.values();
    if (!live) throw new Error('it was started');
    const exited = { ...live, state: 'exited' as const, exitCode: 3 };
    const exit = () => host.runtime.workloads.set(live.key, exited);
    const starts = () => host.performed.filter((kind) => kind === 'start-workload').length;
    exit();
    await reconciler.reconcile();
    expect([...host.runtime.workloads.values()]).toEqual([live]);
    exit();
    await reconciler.reconcile();
    expect(starts()).toBe(2);
    expect([...host.runtime.workloads.values()]).toEqual([exited]);

    // One that fails at once stays to be seen too, and its service stays failed while it waits.
    const other = agentOn(host);
    host.before = ({ kind }) => {
      if (kind !== 'check-health') return;
      exit();
      throw failure('WORKLOAD_FAILED', 'web');
    };
    await other.reconciler.reconcile();
    await other.reconciler.reconcile();
    expect(starts()).toBe(3);
    expect([...host.runtime.workloads.values()]).toEqual([exited]);
    expect(other.said.map(({ slices }) => slices[0]?.stage)).toEqual(['failed']);
    expect((await other.reconciler.desired())?.reports[0]?.stage).toBe('failed');
    // A new state does not wait.
    host.before = () => undefined;
    await other.reconciler.apply(stateOf(2, serviceSlice(1)));
    expect([...host.runtime.workloads.values()]).toEqual([live]);
    expect(said.at(-1)?.slices[0]?.stage).toBe('running');
  });

  it('leaves what runs alone while no state is known, and replaces nothing when the same one comes', async () => {
    const host = MemoryHost.make();
    const state = stateOf(7, serviceSlice(1), serviceSlice(2));
    await agentOn(host).reconciler.apply(state);
    const live = await host.snapshot();
    for (const lose of [
      () => rm(join(stateDir, 'desired.json')),
      () => writeFile(join(stateDir, 'desired.json'), '{"acc'),
    ]) {
      await lose();
      host.performed.length = 0;
      const { reconciler, said, audits } = agentOn(host);
      await reconciler.reconcile();
      await reconciler.reconcile();
      expect(host.performed).toEqual([]);
      expect(said).toEqual([]);
      expect(reconciler.lastObserved?.workloads).toHaveLength(2);
      const files = await readdir(stateDir);
      expect(audits.map(({ code }) => code)).toEqual(
        files.includes('desired.json.unreadable') ? ['INPUT_INVALID'] : [],
      );
      await reconciler.apply({ ...state, generation: state.generation + 1 });
      expect(new Set(host.performed)).toEqual(new Set(['check-assertion', 'check-health']));
      expect(said.at(-1)?.slices.map(({ stage }) => stage)).toEqual(['running', 'running']);
      expect(await host.snapshot()).toEqual(live);
    }
    expect(await readdir(stateDir)).toContain('desired.json.unreadable');
  });

  it('proves a chain once, and not again because VNFs start, stop or fail', async () => {
    const host = MemoryHost.make();
    const { reconciler } = agentOn(host);
    const running = serviceSlice(1);
    await reconciler.apply(stateOf(1, { ...running, stage: 'conditioned' }));
    expect(host.performed).toContain('check-assertion');
    host.performed.length = 0;
    await reconciler.apply(stateOf(2, running));
    await reconciler.apply(stateOf(3, { ...running, stage: 'conditioned' }));
    expect(host.performed).toContain('start-workload');
    expect(host.performed).toContain('stop-workload');
    expect(host.performed).not.toContain('check-assertion');
  });

  it('does not tear down what it found when the first state it is told fails on it', async () => {
    const host = MemoryHost.make();
    const state = stateOf(1, serviceSlice(1));
    await agentOn(host).reconciler.apply(state);
    const live = await host.snapshot();
    await rm(join(stateDir, 'desired.json'));
    const { reconciler, said } = agentOn(host);
    host.before = ({ kind }) => {
      if (kind === 'check-health') throw failure('WORKLOAD_FAILED', 'web');
    };
    await reconciler.apply(state);
    expect(said.at(-1)?.slices[0]?.stage).toBe('failed');
    await reconciler.reconcile();
    expect(await host.snapshot()).toEqual(live);
  });

  it('goes on where it was stopped, at any step, from what it finds', async () => {
    const first = stateOf(1, serviceSlice(1), serviceSlice(2));
    const second = stateOf(2, serviceSlice(1, 2), serviceSlice(3));
    const expected = await expectedAfter(second);
    let stopped = 0;
    for (let at = 1; ; at += 1) {
      await rm(join(stateDir, 'desired.json'), { force: true });
      const host = MemoryHost.make();
      await agentOn(host).reconciler.apply(first);
      const { reconciler, executor, said } = agentOn(host);
      const before = host.performed.length;
      let reached = false;
      host.before = (_, count) => {
        if (count !== before + at) return;
        reached = true;
        executor.stop();
      };
      await reconciler.apply(second);
      if (!reached) break;
      stopped += 1;
      if (host.performed.length > before + at) throw new Error('it did not stop');
      host.before = () => undefined;
      const restarted = agentOn(host);
      await restarted.reconciler.reconcile();
      expect(await host.snapshot()).toEqual(expected);
      const reports = restarted.said.at(-1)?.slices ?? said.at(-1)?.slices;
      expect(reports).toEqual([
        { service: 'service-1', stage: 'running' },
        { service: 'service-3', stage: 'running' },
        { service: 'service-2', stage: 'absent' },
      ]);
    }
    expect(stopped).toBeGreaterThan(20);
  });
});
