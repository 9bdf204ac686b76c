import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { DesiredInstance, DesiredSlice, HostState } from '@underware/core';
import { mkdtemp, rm } from 'node:fs/promises';
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

/** An agent that was just started; what it must remember is in the state directory. */
function agentOn(host: MemoryHost): { reconciler: Reconciler; journal: MemoryJournal } {
  const journal = new MemoryJournal();
  const executor = new Executor(host, journal, () => undefined, []);
  const store = new DesiredStateStore(stateDir, () => undefined);
  return { reconciler: new Reconciler(host, executor, store, () => undefined), journal };
}

function holding(generation: number, held: DesiredInstance[], ...slices: DesiredSlice[]): HostState {
  return { ...stateOf(generation, ...slices), held };
}

async function loaded(host: MemoryHost): Promise<string[]> {
  return (await host.observe()).instances.map(({ key }) => key);
}

const [first, second] = serviceSlice(1).slice.instances;
if (!first || !second) throw new Error('the slice has no chain');

describe('Reconciler, of what stays loaded without a user', () => {
  it('keeps it loaded when its service goes, and links it again when the service is back', async () => {
    const host = MemoryHost.make();
    const { reconciler } = agentOn(host);
    await reconciler.apply(stateOf(1, serviceSlice(1)));
    await reconciler.apply(holding(2, [first, second]));
    expect(await loaded(host)).toEqual([first.key, second.key]);
    expect((await host.observe()).instances.map(({ next }) => next.kind)).toEqual(['end', 'end']);
    expect((await host.observe()).roots).toEqual([]);
    host.performed.length = 0;
    await reconciler.apply(stateOf(3, serviceSlice(1)));
    expect(host.performed).not.toContain('load-instance');
    expect((await host.fake.chains())[0]?.hops).toHaveLength(2);
    await reconciler.apply(holding(4, []));
    expect(await loaded(host)).toEqual([]);
  });

  it('comes back after a reboot from what the agent knows, before any VNF starts', async () => {
    const host = MemoryHost.make();
    const persistent = serviceSlice(2);
    persistent.slice.instances = persistent.slice.instances.map((each) => ({
      ...each,
      residency: 'persistent',
    }));
    await agentOn(host).reconciler.apply(holding(1, [first], serviceSlice(3), persistent));
    // Of the kernel and the processes nothing is left; nobody tells the agent anything.
    const rebooted = MemoryHost.make();
    const { reconciler } = agentOn(rebooted);
    await reconciler.reconcile();
    expect(await rebooted.snapshot()).toEqual(await host.snapshot());
    const starts = rebooted.performed.indexOf('start-workload');
    const loads = rebooted.performed.slice(0, starts).filter((kind) => kind === 'load-instance');
    // One that is held, two of the persistent service, two of the service whose VNF starts first.
    expect(loads).toHaveLength(5);
    expect(rebooted.performed[0]).toBe('load-instance');
    rebooted.performed.length = 0;
    await reconciler.reconcile();
    expect(rebooted.performed).toEqual([]);
  });

  it('that cannot be loaded holds up neither the others nor a service, and is tried again', async () => {
    const host = MemoryHost.make();
    const { reconciler } = agentOn(host);
    await reconciler.apply(holding(1, [first, second], serviceSlice(2)));
    const rebooted = MemoryHost.make();
    rebooted.before = (action) => {
      if (action.kind === 'load-instance' && action.instance.key === first.key)
        throw failure('NETWORK_FAILED', first.key);
    };
    const again = agentOn(rebooted).reconciler;
    await again.reconcile();
    expect(await loaded(rebooted)).toContain(second.key);
    expect(rebooted.runtime.workloads.size).toBe(1);
    rebooted.before = () => undefined;
    await again.reconcile();
    expect(await rebooted.snapshot()).toEqual(await host.snapshot());
  });

  it('goes on where it was stopped, at any step of holding and taking over', async () => {
    const taken = serviceSlice(2);
    taken.slice.instances = [{ ...first, port: taken.slice.ports[0]?.key ?? '' }];
    const states = [stateOf(1, serviceSlice(1)), holding(2, [first]), holding(3, [], taken)];
    const whole = MemoryHost.make();
    for (const state of states) await agentOn(whole).reconciler.apply(state);
    const steps = whole.performed.length;
    expect(whole.performed).toContain('empty-instance');
    for (let stop = 1; stop <= steps; stop += 1) {
      await rm(join(stateDir, 'desired.json'), { force: true });
      const host = MemoryHost.make();
      for (const state of states) {
        const { reconciler } = agentOn(host);
        host.before = (_action, count) => {
          if (count === stop) void reconciler.stop();
        };
        await reconciler.apply(state);
        await agentOn(host).reconciler.reconcile();
      }
      expect(await host.snapshot()).toEqual(await whole.snapshot());
    }
  });
});
