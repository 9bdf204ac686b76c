import type { HostState, ObservedState, Step } from '@underware/core';
import { diffChains } from './diff-chains.js';
import { diffNetwork } from './diff-network.js';
import { predict } from './diff-predict.js';
import { diffHeld } from './diff-held.js';
import { RESIDENCY, stepOf, withUniqueNames } from './diff-step.js';
import type { UntitledStep } from './diff-step.js';
import { diffWorkloads } from './diff-workloads.js';
import { World } from './diff-world.js';
import { StepTitles } from './step-titles.js';

export interface DiffContext {
  /** What the host was made to be before. It names the owners of what goes, and what undoing brings back. */
  previous?: HostState;
  /** Services that are as they were last reported: their health checks run again only when something of theirs changes. */
  settled?: ReadonlySet<string>;
  /** Services whose assertions held of the same chains: they run again only when one of those changes. Default: the settled. */
  asserted?: ReadonlySet<string>;
  /** Keys of workloads that are left as they are for now, whatever they are. */
  held?: ReadonlySet<string>;
  /** Conditions only: VNFs are left as they are. */
  withoutWorkloads?: boolean;
  /** Only the turns of these services; everything else stays as observed. */
  only?: ReadonlySet<string>;
}

/**
 * The steps that make the host what it must be. Grouped by service, each group by itself in a safe order: workloads stop,
 * chains shrink, routes, ports and namespaces go; namespaces, ports and routes come, instances are loaded and linked tail
 * to head, roots attached, predecessors swapped; what was replaced is unloaded; assertions run; workloads start in order.
 * At no point does a live chain lack a member that is in both the old and the new one.
 */
export function diff(desired: HostState, observed: ObservedState, context: DiffContext = {}): Step[] {
  const world = new World(desired, context.previous, context.settled ?? new Set(), context.held);
  const asserted = context.asserted ?? world.settled;
  const steps: UntitledStep[] = [];
  let now = observed;
  for (const service of world.turns()) {
    if (context.only && !context.only.has(service)) continue;
    const group =
      service === RESIDENCY ? diffHeld(world, now) : diffService(service, world, now, asserted, context);
    steps.push(...group);
    now = group.reduce((state, step) => predict(state, step.do), now);
  }
  const titles = new StepTitles(desired, context.previous);
  return withUniqueNames(steps).map((step) => ({ ...step, title: titles.of(step.do) }));
}

function diffService(
  service: string,
  world: World,
  now: ObservedState,
  asserted: ReadonlySet<string>,
  { withoutWorkloads = false }: DiffContext,
): UntitledStep[] {
  const network = diffNetwork(service, world, now);
  const chains = diffChains(service, world, now, network.lostDevices);
  const workloads = diffWorkloads(service, world, now, network.newNamespaces);
  return [
    ...(withoutWorkloads ? [] : workloads.stop),
    ...chains.early,
    ...network.remove,
    ...network.create,
    ...chains.late,
    ...assertions(service, world, chains.touched, asserted),
    ...(withoutWorkloads ? [] : workloads.start),
  ];
}

/** A chain that changes is asserted on for everyone whose assertions held before, not only for who changes it. */
function assertions(
  service: string,
  world: World,
  touched: ReadonlySet<string>,
  asserted: ReadonlySet<string>,
): UntitledStep[] {
  return world.desired.slices.flatMap((slice) => {
    const held = asserted.has(slice.service);
    return slice.slice.assertions.flatMap((assertion) => {
      const device = world.portByKey(assertion.port)?.device;
      if (device === undefined) return [];
      const changed = touched.has(`${device} ${assertion.hook}`);
      const due = slice.service === service ? changed || !held : changed && held;
      if (!due) return [];
      const reason = `${slice.service} expects ${assertion.expect} of this packet`;
      return [stepOf(service, { kind: 'check-assertion', device, assertion }, null, reason)];
    });
  });
}
