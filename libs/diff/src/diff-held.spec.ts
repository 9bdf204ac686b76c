import { describe, expect, it } from '@jest/globals';
import type { DesiredInstance, DesiredSlice, HostState } from '@underware/core';
import { diff } from './diff.js';
import {
  apply,
  hostState,
  instance,
  NOTHING_THERE,
  sliceOf,
  vnfPort,
  words,
  workload,
} from './diff.spec-support.js';

const guard = instance('guard', 's1/web', 'tcx/egress', 100);
const watch = instance('watch', 's1/web', 'tcx/egress', 200);
const web = sliceOf('s1', {
  ports: [vnfPort('s1', 'web', 'uwweb')],
  instances: [guard, watch],
  workloads: [workload('s1', 'web')],
});
/** Another service that has taken `watch` over, for a port of its own. */
const other = sliceOf('s2', {
  ports: [vnfPort('s2', 'app', 'uwapp')],
  instances: [{ ...watch, port: 's2/app' }],
});

function holding(held: DesiredInstance[], ...slices: DesiredSlice[]): HostState {
  return { ...hostState(...slices), held };
}

function stepsFrom(previous: HostState, desired: HostState): string {
  const before = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
  return words(diff(desired, before, { previous }), desired, previous);
}

describe('diff of instances that are held', () => {
  it('loads them without a port, a chain or a service', () => {
    expect(stepsFrom(hostState(), holding([guard]))).toBe('residency: load-instance guard@r1');
  });

  it('keeps those of a service that goes, out of every chain, and unloads the others', () => {
    expect(stepsFrom(hostState(web), holding([guard]))).toBe(
      `
s1: stop-workload web
s1: set-next uwweb tcx/egress to end
s1: detach-root uwweb tcx/egress
s1: set-next guard@r1 to end
s1: unload-instance watch@r1
s1: delete-port uwweb
s1: delete-namespace uw-s1-web`.trim(),
    );
  });

  it('links one to the service that comes back without loading it, and with all that it kept', () => {
    const previous = holding([guard, watch]);
    const steps = stepsFrom(previous, hostState(web));
    expect(steps).not.toContain('load-instance');
    expect(steps).toContain('set-next guard@r1 to watch@r1');
  });

  it('forgets what it kept for another before a service takes it over', () => {
    const steps = stepsFrom(holding([guard, watch]), holding([guard], other)).split('\n');
    expect(steps.filter((step) => step.includes('instance'))).toEqual(['s2: empty-instance watch@r1']);
    expect(steps.findIndex((step) => step.includes('empty-instance'))).toBeLessThan(
      steps.findIndex((step) => step.includes('uwapp tcx/egress to watch@r1')),
    );
  });

  it('forgets it again after a stop in between, and never once packets go through it', () => {
    const previous = holding([watch]);
    const desired = hostState(other);
    const before = apply(NOTHING_THERE, diff(previous, NOTHING_THERE));
    const steps = diff(desired, before, { previous });
    const emptied = steps.findIndex(({ do: { kind } }) => kind === 'empty-instance');
    const kindsAfter = (count: number): string[] =>
      diff(desired, apply(before, steps.slice(0, count)), { previous }).map(({ do: { kind } }) => kind);
    expect(kindsAfter(emptied + 1)).toContain('empty-instance');
    expect(kindsAfter(steps.length)).not.toContain('empty-instance');
  });

  it('unloads them when they are held no more, and loads one again that was altered', () => {
    expect(stepsFrom(holding([guard, watch]), holding([watch]))).toBe('residency: unload-instance guard@r1');
    const desired = holding([guard]);
    const there = apply(NOTHING_THERE, diff(desired, NOTHING_THERE));
    const altered = { ...there, instances: there.instances.map((each) => ({ ...each, intact: false })) };
    expect(words(diff(desired, altered, { previous: desired }), desired)).toBe(
      'residency: load-instance guard@r1',
    );
  });

  it('conditions without starting or stopping a VNF when asked to', () => {
    const steps = diff(hostState(web), NOTHING_THERE, { withoutWorkloads: true });
    expect(steps.map(({ do: { kind } }) => kind)).toContain('load-instance');
    expect(steps.map(({ do: { kind } }) => kind)).not.toContain('start-workload');
  });
});
