import { describe, expect, it } from '@jest/globals';
import type { DesiredAssertion, DesiredPort, HostState, ObservedState } from '@underware/core';
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
  words,
  workload,
} from './diff.spec-support.js';

const assertion: DesiredAssertion = {
  name: 'https is allowed',
  port: 's1/web',
  hook: 'tcx/egress',
  packet: { protocol: 'tcp', source: '10.0.0.1', destination: '10.60.0.2', destinationPort: 443 },
  expect: 'pass',
};
const guard = instance('guard', 's1/web', 'tcx/egress', 100);
const watch = instance('watch', 's1/web', 'tcx/egress', 200);
const nat = instance('nat', 's1/web', 'tcx/egress', 400);
const web = sliceOf('s1', {
  ports: [vnfPort('s1', 'web', 'uwweb')],
  routes: [{ destination: '10.60.0.2/32', via: { device: 'uwweb' } }],
  instances: [guard, watch],
  assertions: [assertion],
  workloads: [workload('s1', 'web', ['db']), workload('s1', 'db')],
});
const settled = new Set(['s1', 's2']);

function applied(state: HostState) {
  return apply(NOTHING_THERE, diff(state, NOTHING_THERE));
}

function withInstances(...instances: (typeof guard)[]): HostState {
  return hostState({ ...web, slice: { ...web.slice, instances } });
}

function blind(state: ObservedState): ObservedState {
  return { ...state, workloads: [], unknownRuntimes: ['process'] };
}

describe('diff with a runtime that cannot be asked', () => {
  const desired = hostState(web);
  it('mends the rest of the host and leaves workloads alone', () => {
    const seen = blind(applied(desired));
    expect(diff(desired, seen, { previous: desired, settled })).toEqual([]);
    const drifted = { ...seen, roots: [] };
    const steps = diff(desired, drifted, { previous: desired, settled });
    expect(words(steps, desired)).toContain('attach-root uwweb');
    expect(words(steps, desired)).not.toContain('workload');
  });

  it('goes to the runtime for what an operation needs of it, and takes nothing back there', () => {
    const steps = diff(desired, blind(applied(desired)));
    expect(words(steps, desired)).toContain('start-workload db\ns1: check-health db');
    expect(steps.every(({ undo: back }) => back?.kind !== 'stop-workload')).toBe(true);
  });

  it('does not call a service gone whose workloads may run', () => {
    const steps = diff(hostState(), blind(applied(desired)), { previous: desired, settled });
    expect(words(steps.slice(0, 2), desired)).toBe('s1: stop-workload web\ns1: stop-workload db');
  });
});

describe('diff', () => {
  it('conditions the network and the kernel first, proves it, then starts workloads in their order', () => {
    const desired = hostState(web);
    expect(words(diff(desired, NOTHING_THERE), desired)).toBe(
      `
s1: create-namespace uw-s1-web
s1: create-namespace uw-s1-db
s1: create-port uwweb
s1: add-route 10.60.0.2/32 dev uwweb
s1: load-instance guard@r1
s1: load-instance watch@r1
s1: set-next guard@r1 to watch@r1
s1: attach-root uwweb tcx/egress
s1: set-next uwweb tcx/egress to guard@r1
s1: check-assertion https is allowed on uwweb tcx/egress
s1: start-workload db
s1: check-health db
s1: start-workload web
s1: check-health web`.trim(),
    );
  });

  it('starts no workload of a slice that is to be conditioned only', () => {
    const steps = diff(hostState({ ...web, stage: 'conditioned' }), NOTHING_THERE);
    expect(steps.map((step) => step.do.kind)).not.toContain('start-workload');
    expect(steps.map((step) => step.do.kind)).toContain('check-assertion');
  });

  it('removes a service in the reverse order', () => {
    const previous = hostState(web);
    const steps = diff(hostState(), applied(previous), { previous, settled });
    expect(words(steps, previous)).toBe(
      `
s1: stop-workload web
s1: stop-workload db
s1: set-next uwweb tcx/egress to end
s1: detach-root uwweb tcx/egress
s1: set-next guard@r1 to end
s1: unload-instance guard@r1
s1: unload-instance watch@r1
s1: delete-route 10.60.0.2/32 dev uwweb
s1: delete-port uwweb
s1: delete-namespace uw-s1-web
s1: delete-namespace uw-s1-db`.trim(),
    );
    expect(normal(apply(applied(previous), steps))).toEqual(normal(NOTHING_THERE));
  });

  it('replaces a revision by one swap, and unloads the old one after that', () => {
    const previous = withInstances(guard, watch, nat);
    const newer = instance('watch', 's1/web', 'tcx/egress', 200, 'r2');
    const desired = withInstances(guard, newer, nat);
    const steps = diff(desired, applied(previous), { previous, settled });
    expect(words(steps, desired, previous)).toBe(
      `
s1: load-instance watch@r2
s1: set-next watch@r2 to nat@r1
s1: set-next guard@r1 to watch@r2
s1: set-next watch@r1 to end
s1: unload-instance watch@r1
s1: check-assertion https is allowed on uwweb tcx/egress`.trim(),
    );
  });

  it('changes an order through spare copies, so that no filter is skipped and no circle formed', () => {
    const previous = withInstances(guard, watch);
    const desired = withInstances({ ...watch, order: 1 }, guard);
    const before = applied(previous);
    const steps = diff(desired, before, { previous, settled });
    const seen = steps.map((_, index) =>
      chainAt(apply(before, steps.slice(0, index + 1)), 'uwweb', 'tcx/egress'),
    );
    expect([...new Set(seen.map((chain) => chain?.length))]).toEqual([2]);
    expect(seen.at(-1)).toEqual([watch.key, guard.key]);
    expect(normal(undo(apply(before, steps), steps))).toEqual(normal(before));
    expect(diff(desired, apply(before, steps), { settled })).toEqual([]);
  });

  it('splices the members of several services into the one chain of an uplink', () => {
    const first = instance('first', UPLINK.key, 'xdp', 200);
    const before = instance('before', UPLINK.key, 'xdp', 100);
    const after = instance('after', UPLINK.key, 'xdp', 300);
    const one = sliceOf('s1', { ports: [UPLINK], instances: [first] });
    const two = sliceOf('s2', { ports: [UPLINK], instances: [before, after] });
    const previous = hostState(one);
    const desired = hostState(one, two);
    const steps = diff(desired, applied(previous), { previous, settled });
    expect(words(steps, desired)).toBe(
      `
s2: load-instance before@r1
s2: load-instance after@r1
s2: set-next before@r1 to first@r1
s2: set-next first@r1 to after@r1
s2: set-next eth0 xdp to before@r1`.trim(),
    );
    const gone = diff(hostState(two), apply(applied(previous), steps), { previous: desired, settled });
    expect(words(gone, desired)).toBe(
      `
s1: set-next before@r1 to after@r1
s1: set-next first@r1 to end
s1: unload-instance first@r1`.trim(),
    );
  });

  it('loads a broken instance again in its place', () => {
    const desired = hostState(web);
    const intact = applied(desired);
    const observed = {
      ...intact,
      instances: intact.instances.map((each) =>
        each.key === guard.key ? { ...each, intact: false, reason: 'map rules was altered' } : each,
      ),
    };
    const steps = diff(desired, observed, { settled });
    expect(words(steps, desired)).toBe(
      `
s1: load-instance guard@r1
s1: check-assertion https is allowed on uwweb tcx/egress`.trim(),
    );
    expect(steps[0]?.reason).toContain('map rules was altered');
  });

  it('makes a port that differs anew, with its routes and roots, and keeps its instances', () => {
    const desired = hostState(web);
    const intact = applied(desired);
    const observed = { ...intact, ports: intact.ports.map((port) => ({ ...port, mtu: 900 })) };
    const steps = diff(desired, observed, { settled });
    expect(words(steps, desired)).toBe(
      `
s1: set-next uwweb tcx/egress to end
s1: detach-root uwweb tcx/egress
s1: delete-route 10.60.0.2/32 dev uwweb
s1: delete-port uwweb
s1: create-port uwweb
s1: add-route 10.60.0.2/32 dev uwweb
s1: attach-root uwweb tcx/egress
s1: set-next uwweb tcx/egress to guard@r1
s1: check-assertion https is allowed on uwweb tcx/egress`.trim(),
    );
    expect(normal(undo(apply(observed, steps), steps))).toEqual(normal(observed));
  });

  it('makes a port anew whose ways out of its segment are others, or that its host does not know as it must', () => {
    const gateways = [{ address: '10.60.0.1', mac: '02:00:00:00:00:EE' }];
    const on = (change: Partial<DesiredPort>, ways: typeof gateways) => {
      const port = vnfPort('s1', 'web', 'uwweb');
      const peer = port.peer && { ...port.peer, gateways: ways };
      const ports = [{ ...port, ...(peer && { peer }), ...change }];
      return hostState({ ...web, slice: { ...web.slice, ports } });
    };
    const desired = on({ forwards: true }, gateways);
    expect(diff(desired, applied(desired), { settled })).toEqual([]);
    for (const before of [on({ forwards: true }, []), on({}, gateways)])
      expect(diff(desired, applied(before), { settled }).map((step) => step.do.kind)).toContain(
        'create-port',
      );
  });

  it('makes a port anew, once, where plugins are to rewrite what its VNF sends', () => {
    const plain = vnfPort('s1', 'web', 'uwweb');
    const [before, after] = [plain, { ...plain, rewritten: true as const }].map((port) =>
      hostState({ ...web, slice: { ...web.slice, ports: [port] } }),
    );
    if (before === undefined || after === undefined) throw new Error('there are two');
    const kinds = diff(after, applied(before), { settled }).map((step) => step.do.kind);
    expect(kinds).toEqual(expect.arrayContaining(['delete-port', 'create-port']));
    expect(diff(after, applied(after), { settled })).toEqual([]);
    expect(diff(before, applied(after), { settled })).toEqual([]);
  });

  it('attaches a root again whose link was detached behind our back', () => {
    const desired = hostState(web);
    const intact = applied(desired);
    const observed = { ...intact, roots: intact.roots.map((root) => ({ ...root, attached: false })) };
    expect(words(diff(desired, observed, { settled }), desired)).toBe(
      `
s1: attach-root uwweb tcx/egress
s1: check-assertion https is allowed on uwweb tcx/egress`.trim(),
    );
  });

  it('starts a workload again that exited, and one whose namespace was gone', () => {
    const desired = hostState(web);
    const intact = applied(desired);
    const exited = {
      ...intact,
      workloads: intact.workloads.map((each) => ({ ...each, state: 'exited' as const, exitCode: 7 })),
    };
    const kinds = (state: ObservedState) => diff(desired, state, { settled }).map((step) => step.do.kind);
    expect(kinds(exited)).toEqual([
      'stop-workload',
      'stop-workload',
      'start-workload',
      'check-health',
      'start-workload',
      'check-health',
    ]);
    const gone = { ...intact, namespaces: ['uw-s1-web'] };
    expect(kinds(gone)).toEqual(['stop-workload', 'create-namespace', 'start-workload', 'check-health']);
  });

  it('proves again what was never reported, and nothing that was', () => {
    const desired = hostState(web);
    expect(diff(desired, applied(desired), { settled })).toEqual([]);
    const kinds = diff(desired, applied(desired)).map((step) => step.do.kind);
    expect(kinds).toEqual(['check-assertion', 'check-health', 'check-health']);
  });

  it('removes what no state names, before anything else', () => {
    const steps = diff(hostState(), applied(hostState(web)));
    expect(new Set(steps.map((step) => step.service))).toEqual(new Set(['unowned']));
    expect(normal(apply(applied(hostState(web)), steps))).toEqual(normal(NOTHING_THERE));
  });

  it('never makes or deletes an uplink', () => {
    const one = hostState(
      sliceOf('s1', { ports: [UPLINK], instances: [instance('a', UPLINK.key, 'xdp', 1)] }),
    );
    const there = apply(NOTHING_THERE, diff(one, NOTHING_THERE));
    const kinds = [...diff(one, NOTHING_THERE), ...diff(hostState(), there, { previous: one })].map(
      (step) => step.do.kind,
    );
    expect(kinds).not.toContain('create-port');
    expect(kinds).not.toContain('delete-port');
  });

  it('takes other spellings of an address for the same address', () => {
    const desired = hostState(web);
    const observed = applied(desired);
    const port = vnfPort('s1', 'web', 'uwweb');
    const peer = port.peer && { ...port.peer, addresses: ['10.60.0.2/32', 'FD60:0:0::2/128'] };
    const other = hostState({ ...web, slice: { ...web.slice, ports: [{ ...port, ...(peer && { peer }) }] } });
    expect(diff(other, observed, { settled })).toEqual([]);
  });
});
