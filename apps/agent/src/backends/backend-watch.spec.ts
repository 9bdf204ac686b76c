import { describe, expect, it } from '@jest/globals';
import type { BackendChecks, DesiredSlice, InstanceEvents } from '@underware/core';
import type { Call, CallOutcome } from '@underware/network';
import type { Desired } from '../desired-state.js';
import { failure, serviceSlice, stateOf } from '../memory-host.spec-support.js';
import { BackendWatch } from './backend-watch.js';
import type { BalancerMaps, Checked } from './balancer-maps.js';

const ANSWERED: CallOutcome = { kind: 'answered' };
const REFUSED: CallOutcome = { kind: 'failed', why: 'ECONNREFUSED' };

function checksOf(count: number, changes: Partial<BackendChecks> = {}): BackendChecks {
  const backends = Array.from({ length: count }, (_, index) => ({
    name: `web${index}`,
    id: 100 + index,
    index,
    addresses: [`10.9.${index >> 8}.${index & 255}`],
    port: 8080,
  }));
  const service = { addresses: ['10.68.0.100'], port: 80 };
  return { protocol: 'tcp', interval: 1, timeout: 1, rise: 2, fall: 2, service, backends, ...changes };
}

/** A client's slice with a balancer that checks. */
function sliceOf(checks: BackendChecks, revision = '0badf00d'): DesiredSlice {
  const slice = serviceSlice(1);
  const [instance, ...others] = slice.slice.instances;
  const [port, ...ports] = slice.slice.ports;
  if (!instance || !port?.peer) throw new Error('the slice has no instance on a port');
  const checked = { ...instance, key: `${instance.id}-${revision}`, config: { ...instance.config, checks } };
  const peer = { ...port.peer, addresses: ['10.68.0.2/32'] };
  const own = { ...port, key: instance.port, peer };
  return { ...slice, slice: { ...slice.slice, instances: [checked, ...others], ports: [own, ...ports] } };
}

function watch(first: BackendChecks, answer: (call: Call, to: string) => CallOutcome | Promise<CallOutcome>) {
  let slices = [sliceOf(first)];
  const health = new Map<number, boolean>();
  const directed: Checked[] = [];
  const open = new Map<number, Checked>();
  const told: InstanceEvents[] = [];
  const warnings: string[] = [];
  let closed = 0;
  let pending: Promise<unknown>[] = [];
  const maps: Pick<BalancerMaps, keyof BalancerMaps> = {
    health: async () => new Map(health),
    setHealth: async (_, id, down) => void health.set(id, down),
    forget: async (_, id) => void health.delete(id),
    direct: async (checked) => {
      directed.push(checked);
      open.set(checked.sourcePort, checked);
    },
    clear: async ({ sourcePort }) => void open.delete(sourcePort),
  };
  const start = () =>
    new BackendWatch(
      maps,
      {
        desired: async (): Promise<Desired> => {
          const state = stateOf(3, ...slices);
          return { accepted: state, target: state, reports: [], settled: true };
        },
      },
      { events: (events) => told.push(...structuredClone(events)) },
      { warn: (_, message) => warnings.push(message) },
      () => ({
        call: (call) => {
          const outcome = Promise.resolve(answer(call, open.get(call.from.port)?.way.target ?? ''));
          pending.push(outcome);
          return outcome;
        },
        close: () => (closed += 1),
      }),
      () => 0.5,
    );
  let now = 0;
  let watching = start();
  return {
    health,
    directed,
    open,
    told,
    warnings,
    maps,
    closed: () => closed,
    update: (...next: DesiredSlice[]) => (slices = next),
    restart: () => (watching = start()),
    rows: () => watching.rowsOf(slices[0]?.slice.instances[0]?.key ?? ''),
    look: async (times = 1) => {
      for (let i = 0; i < times; i += 1) {
        await watching.look((now += 1000));
        for (let settled = 0; settled < 20; settled += 1) {
          await Promise.all(pending);
          await Promise.resolve();
        }
        pending = [];
      }
    },
  };
}

/** What becomes of a backend that answers with this status. */
async function at(status: number, wanted?: number[]): Promise<boolean | undefined> {
  const checks = checksOf(1, { protocol: 'http', path: '/alive', ...(wanted ? { status: wanted } : {}) });
  const { look, health } = watch(checks, ({ path }) =>
    path === '/alive' ? { kind: 'answered', status } : { kind: 'unmade', why: 'another path' },
  );
  await look(2);
  return health.get(100);
}

const events = (told: readonly InstanceEvents[]) =>
  told.flatMap((each) => each.events.map(({ record }) => record));

describe('BackendWatch', () => {
  it('goes the way of a client: to the virtual address, directed to one backend', async () => {
    const calls: Call[] = [];
    const { look, directed, open, health } = watch(checksOf(2), (call) => {
      calls.push(call);
      return ANSWERED;
    });
    await look();
    expect(calls.map(({ from, to }) => [from.address, to])).toEqual([
      ['10.68.0.2', { address: '10.68.0.100', port: 80 }],
      ['10.68.0.2', { address: '10.68.0.100', port: 80 }],
    ]);
    expect(directed.map(({ way, sourcePort }) => [way.target, sourcePort])).toEqual(
      calls.map(({ from }, i) => [`10.9.0.${i}`, from.port]),
    );
    expect(open.size).toBe(0);
    expect([...health]).toEqual([
      [100, false],
      [101, false],
    ]);
  });

  it('has a backend down after checks that fail in a row, up after as many that succeed, and tells both', async () => {
    let broken = '';
    const { look, health, told, rows } = watch(checksOf(2), (_, to) => (to === broken ? REFUSED : ANSWERED));
    await look(2);
    expect(told).toEqual([]);
    broken = '10.9.0.1';
    await look();
    expect(health.get(101)).toBe(false);
    await look(2);
    expect([health.get(100), health.get(101)]).toEqual([false, true]);
    const why = '10.9.0.1 port 8080: connection refused';
    expect(events(told)).toEqual([{ backend: 'web1', down: 1, why }]);
    expect(rows()?.[1]).toMatchObject({ key: 1, value: { state: 'down', why } });
    broken = '';
    await look(3);
    expect(health.get(101)).toBe(false);
    expect(events(told)[1]).toEqual({ backend: 'web1', down: 0 });
  });

  it('goes on from what the kernel knows when it starts anew, and has it forget who left', async () => {
    const { look, health, told, restart, update, rows } = watch(checksOf(3), (_, to) =>
      to === '10.9.0.2' ? REFUSED : ANSWERED,
    );
    await look(3);
    restart();
    await look();
    expect(rows()?.map(({ value }) => value.state)).toEqual(['up', 'up', 'down']);
    expect(events(told)).toHaveLength(1);
    update(sliceOf(checksOf(2), '12345678'));
    await look();
    expect([...health.keys()]).toEqual([100, 101]);
  });

  it('takes what could not be asked for neither', async () => {
    const { look, health, told } = watch(checksOf(1), () => ({ kind: 'unmade', why: 'EADDRINUSE' }));
    await look(5);
    expect([health.size, told.length]).toEqual([0, 0]);
  });

  it('judges HTTP by its status', async () => {
    expect(await Promise.all([at(204), at(302), at(404), at(503)])).toEqual([false, false, true, true]);
    expect(await Promise.all([at(404, [200, 404]), at(204, [200, 404])])).toEqual([false, true]);
  });

  it('makes a bounded number of checks at a time, whoever waited longest first', async () => {
    const gate: { open?: () => void } = {};
    const held = new Promise<void>((resolve) => (gate.open = resolve));
    const asked = new Set<string>();
    const slow = watch(checksOf(500), async (_, to) => {
      asked.add(to);
      await held;
      return ANSWERED;
    });
    const looking = slow.look();
    while (asked.size < 64) await new Promise(setImmediate);
    expect(asked.size).toBe(64);
    gate.open?.();
    await looking;
    await slow.look(7);
    expect(slow.health.size).toBe(500);
  });

  it('checks nothing of instances that are not there, and complains once of what fails', async () => {
    const { look, maps, health, warnings } = watch(checksOf(1), () => ANSWERED);
    const read = maps.health;
    maps.health = () => Promise.reject(failure('NOT_FOUND', 'instance'));
    await look(2);
    expect([health.size, warnings.length]).toEqual([0, 0]);
    maps.health = () => Promise.reject(failure('TIMED_OUT', 'instance'));
    await look(2);
    expect(warnings).toHaveLength(1);
    maps.health = read;
    await look();
    expect(health.size).toBe(1);
  });

  it('ends its process in a namespace that needs it no more', async () => {
    const { look, update, closed, rows } = watch(checksOf(1), () => ANSWERED);
    await look();
    update();
    await look();
    expect([closed(), rows()]).toEqual([1, undefined]);
  });
});
