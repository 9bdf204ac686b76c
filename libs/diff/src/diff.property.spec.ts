import { describe, it } from '@jest/globals';
import assert from 'node:assert/strict';
import type { DesiredSlice, Hook, HostState, ObservedState } from '@underware/core';
import * as fc from 'fast-check';
import { diff } from './diff.js';
import {
  NOTHING_THERE,
  UPLINK,
  apply,
  chainAt,
  hostState,
  instance,
  normal,
  sliceOf,
  undo,
  vnfPort,
  workload,
} from './diff.spec-support.js';

const HOOKS: Hook[] = ['xdp', 'tcx/egress'];
const SERVICES = ['s1', 's2', 's3'];

/** A slice with up to two ports, members on them and on the shared uplink, and workloads that wait for each other. */
function slice(service: string): fc.Arbitrary<DesiredSlice> {
  const member = fc.record({
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    port: fc.constantFrom('p', 'p', 'uplink', 'uplink', 'q'),
    hook: fc.constantFrom<Hook>('xdp', 'xdp', 'xdp', ...HOOKS),
    order: fc.integer({ min: 0, max: 5 }),
    revision: fc.constantFrom('r1', 'r1', 'r2'),
  });
  return fc
    .record({
      ports: fc.uniqueArray(fc.constantFrom('p', 'q'), { maxLength: 2 }),
      members: fc.uniqueArray(member, {
        minLength: 2,
        maxLength: 6,
        selector: ({ name, port, hook }) => `${name}${port}${hook}`,
      }),
      vnfs: fc.uniqueArray(fc.constantFrom('v', 'w', 'x'), { maxLength: 3 }),
      mtu: fc.constantFrom(1500, 9000),
      revision: fc.constantFrom('r1', 'r2'),
      stage: fc.constantFrom('conditioned' as const, 'running' as const),
      asserted: fc.boolean(),
    })
    .map(({ ports, members, vnfs, mtu, revision, stage, asserted }) => {
      const devices = new Map(ports.map((port) => [port, `uw${service}${port}`]));
      const instances = members
        .filter(({ port }) => port === 'uplink' || devices.has(port))
        .map(({ name, port, hook, order, revision: rev }) => {
          const key = port === 'uplink' ? UPLINK.key : `${service}/${port}`;
          return instance(`${service[1]}${name}${port[0]}${hook[0]}`, key, hook, order, rev);
        });
      return {
        ...sliceOf(service, {
          ports: [
            UPLINK,
            ...[...devices].map(([name, device]) => ({ ...vnfPort(service, name, device), mtu })),
          ],
          routes: [...devices.values()].map((device) => ({
            destination: `10.0.0.${mtu % 7}/32`,
            via: { device },
          })),
          instances,
          workloads: vnfs.map((vnf, index) => workload(service, vnf, vnfs.slice(0, index), revision)),
          assertions: asserted
            ? instances.slice(0, 1).map(({ port, hook }) => ({
                name: 'holds',
                port,
                hook,
                packet: { protocol: 'tcp', source: '10.0.0.1', destination: '10.0.0.2' },
                expect: 'pass',
              }))
            : [],
        }),
        stage,
      };
    });
}

/** Of the very instances that slices may have, so that they pass from a service to being held, and to another service. */
const heldInstance = fc
  .record({
    service: fc.constantFrom(...SERVICES),
    name: fc.constantFrom('a', 'b', 'c', 'd'),
    port: fc.constantFrom('p', 'uplink', 'q'),
    revision: fc.constantFrom('r1', 'r1', 'r2'),
  })
  .map(({ service, name, port, revision }) => {
    const key = port === 'uplink' ? UPLINK.key : `${service}/${port}`;
    return instance(`${service[1]}${name}${port[0]}x`, key, 'xdp', 1, revision);
  });

const state: fc.Arbitrary<HostState> = fc
  .tuple(
    fc.uniqueArray(heldInstance, { maxLength: 4, selector: ({ id }) => id }),
    ...SERVICES.map((service) => fc.option(slice(service), { nil: undefined })),
  )
  .map(([held, ...slices]) => {
    const live = slices.filter((each) => each !== undefined);
    const ids = new Set(live.flatMap((each) => each.slice.instances.map(({ id }) => id)));
    return { ...hostState(...live), held: held.filter(({ id }) => !ids.has(id)) };
  });

/** Something an accident or a stranger did to a host. */
const damage = fc.record({
  root: fc.nat(20),
  instance: fc.nat(20),
  port: fc.nat(20),
  namespace: fc.nat(20),
  workload: fc.nat(20),
  link: fc.tuple(fc.nat(20), fc.nat(20)),
});

function damaged(
  observed: ObservedState,
  at: Record<'root' | 'instance' | 'port' | 'namespace' | 'workload', number>,
  [from, to]: [number, number],
): ObservedState {
  const target = observed.instances[to];
  return {
    ...observed,
    roots: observed.roots.map((root, index) => (index === at.root ? { ...root, attached: false } : root)),
    instances: observed.instances.map((each, index) => ({
      ...each,
      ...(index === at.instance && { intact: false }),
      ...(index === from && target && { next: { kind: 'instance' as const, key: target.key } }),
    })),
    ports: observed.ports.filter((_, index) => index !== at.port),
    namespaces: observed.namespaces.filter((_, index) => index !== at.namespace),
    workloads: observed.workloads.map((each, index) =>
      index === at.workload ? { ...each, state: 'exited' as const } : each,
    ),
  };
}

const settled = new Set(SERVICES);
const RUNS = { numRuns: 300 };

describe('diff, for any two states of a host', () => {
  it('converges, and has nothing more to do then', () => {
    fc.assert(
      fc.property(state, state, (previous, desired) => {
        const before = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
        const after = apply(before, diff(desired, before, { previous }));
        assert.deepEqual(diff(desired, after, { settled }), []);
        const fromNothing = apply(NOTHING_THERE, diff(desired, NOTHING_THERE));
        assert.deepEqual(normal(after), normal(fromNothing));
      }),
      RUNS,
    );
  });

  it('converges from any damage, and from having forgotten the state before', () => {
    fc.assert(
      fc.property(state, state, damage, (previous, desired, at) => {
        const whole = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
        const before = damaged(whole, at, at.link);
        const after = apply(before, diff(desired, before));
        assert.deepEqual(diff(desired, after, { settled }), []);
      }),
      RUNS,
    );
  });

  it('converges after a stop behind any step', () => {
    fc.assert(
      fc.property(state, state, fc.nat(60), (previous, desired, stop) => {
        const before = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
        const midway = apply(before, diff(desired, before, { previous }).slice(0, stop));
        const after = apply(midway, diff(desired, midway, { previous }));
        assert.deepEqual(diff(desired, after, { settled }), []);
      }),
      RUNS,
    );
  });

  it('takes any number of its steps back to where it started', () => {
    fc.assert(
      fc.property(state, state, fc.nat(60), (previous, desired, stop) => {
        const before = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
        const steps = diff(desired, before, { previous }).slice(0, stop);
        assert.deepEqual(normal(undo(apply(before, steps), steps)), normal(before));
      }),
      RUNS,
    );
  });

  it('keeps every member that stays in its live chain, at every step, forth and back', () => {
    fc.assert(
      fc.property(state, state, (previous, desired) => {
        const before = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
        const steps = diff(desired, before, { previous });
        const after = apply(before, steps);
        const moments = steps.flatMap((_, index) => [
          apply(before, steps.slice(0, index + 1)),
          undo(after, steps.slice(index)),
        ]);
        const replacedPorts = new Set(
          steps.flatMap(({ do: action }) => (action.kind === 'delete-port' ? [action.port.device] : [])),
        );
        for (const { device, hook } of before.roots) {
          if (replacedPorts.has(device)) continue;
          const last = chainAt(after, device, hook);
          const stays = chainAt(before, device, hook)?.filter((key) => last?.includes(key)) ?? [];
          for (const moment of moments) {
            const ids = chainAt(moment, device, hook)?.map((key) => key.slice(0, 16)) ?? [];
            for (const key of stays)
              assert.ok(ids.includes(key.slice(0, 16)), `${key} left ${device} ${hook}`);
          }
        }
      }),
      RUNS,
    );
  });

  it('leaves the other services alone when only one has its turn', () => {
    fc.assert(
      fc.property(state, state, (previous, desired) => {
        const before = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
        const steps = diff(desired, before, { previous, only: new Set(['s2']) });
        assert.ok(steps.every(({ service }) => service === 's2'));
        const turns = ['unowned', ...SERVICES, 'residency'];
        const after = turns.reduce(
          (now, service) => apply(now, diff(desired, now, { previous, only: new Set([service]) })),
          before,
        );
        assert.deepEqual(diff(desired, after, { settled }), []);
      }),
      RUNS,
    );
  });
});
