import type { DesiredWorkload, ObservedState, ObservedWorkload } from '@underware/core';
import type { UntitledStep } from './diff-step.js';
import { stepOf } from './diff-step.js';
import type { World } from './diff-world.js';

export interface WorkloadTurn {
  stop: UntitledStep[];
  start: UntitledStep[];
}

/**
 * Workloads stop first, dependents before what they need, and start last, when everything under them is there. One that
 * runs but was never reported healthy (the agent died between start and check) is checked, not started again.
 */
export function diffWorkloads(
  service: string,
  world: World,
  now: ObservedState,
  newNamespaces: ReadonlySet<string>,
): WorkloadTurn {
  const wanted = world.stageOf(service) === 'running' ? inStartOrder(world.sliceOf(service).workloads) : [];
  const unknown = new Set(now.unknownRuntimes);
  const seen = new Map(now.workloads.map((workload) => [workload.key, workload]));
  const stops: { workload: ObservedWorkload; reason: string }[] = [];
  const start: UntitledStep[] = [];

  for (const workload of wanted) {
    if (world.held.has(workload.key)) continue;
    if (unknown.has(workload.runtime)) {
      start.push(...startUnseen(service, world, workload, newNamespaces));
      continue;
    }
    const running = seen.get(workload.key);
    const wrong = running && whyRestart(workload, running, newNamespaces);
    if (running && wrong) stops.push({ workload: running, reason: wrong });
    if (!running || wrong) {
      start.push(
        stepOf(
          service,
          { kind: 'start-workload', workload },
          isCrashed(workload, running)
            ? null
            : { kind: 'stop-workload', workload: { key: workload.key, runtime: workload.runtime } },
          wrong ? `it is started again: ${wrong}` : 'it does not run yet',
        ),
      );
    }
    if (!running || wrong || !world.settled.has(service)) {
      start.push(
        stepOf(service, { kind: 'check-health', workload }, null, 'what comes after it needs it healthy'),
      );
    }
  }

  const wantedKeys = new Set(wanted.map(({ key }) => key));
  for (const workload of now.workloads) {
    if (world.ownerOf(`workload ${workload.key}`) !== service || wantedKeys.has(workload.key)) continue;
    const reason = world.isWanted(`workload ${workload.key}`)
      ? 'the service is to be conditioned only'
      : 'no slice has this workload';
    stops.push({ workload, reason });
  }
  for (const { key, runtime, revision } of world.ranBefore(service))
    if (unknown.has(runtime) && !wantedKeys.has(key))
      stops.push({
        workload: { key, runtime, revision, state: 'exited', handle: '', health: 'none' },
        reason: `it may run: the ${runtime} runtime cannot be asked`,
      });
  const specs = stops.flatMap(({ workload }) => world.workload(workload.key, workload.revision) ?? []);
  const rank = new Map(inStartOrder(specs).map(({ key }, index) => [key, index]));
  stops.sort((a, b) => (rank.get(b.workload.key) ?? -1) - (rank.get(a.workload.key) ?? -1));

  return { stop: stops.map(({ workload, reason }) => stopStep(service, world, workload, reason)), start };
}

/**
 * A runtime that cannot be asked keeps what it runs. What nobody was told works yet, or lost its namespace, needs it:
 * its start fails with the runtime's own error, or mends it when the runtime is back. Not known, nothing is taken back.
 */
function startUnseen(
  service: string,
  world: World,
  workload: DesiredWorkload,
  newNamespaces: ReadonlySet<string>,
): UntitledStep[] {
  if (world.settled.has(service) && !newNamespaces.has(workload.namespace)) return [];
  const reason = `the ${workload.runtime} runtime cannot be asked whether it runs`;
  return [
    stepOf(service, { kind: 'start-workload', workload }, null, reason),
    stepOf(service, { kind: 'check-health', workload }, null, 'what comes after it needs it healthy'),
  ];
}

function stopStep(service: string, world: World, seen: ObservedWorkload, reason: string): UntitledStep {
  const spec = seen.state === 'running' ? world.workload(seen.key, seen.revision) : undefined;
  return stepOf(
    service,
    { kind: 'stop-workload', workload: { key: seen.key, runtime: seen.runtime } },
    spec ? { kind: 'start-workload', workload: spec } : null,
    reason,
  );
}

/** Not taken back when it fails again: it ran by right, and what it says and how it ended is to be seen. */
function isCrashed(want: DesiredWorkload, seen: ObservedWorkload | undefined): boolean {
  return seen?.state === 'exited' && seen.revision === want.revision && seen.runtime === want.runtime;
}

function whyRestart(
  want: DesiredWorkload,
  seen: ObservedWorkload,
  newNamespaces: ReadonlySet<string>,
): string | undefined {
  if (seen.revision !== want.revision) return `revision ${seen.revision} runs, not ${want.revision}`;
  if (seen.runtime !== want.runtime) return `it runs as ${seen.runtime}, not as ${want.runtime}`;
  if (seen.state === 'exited')
    return `it exited${seen.exitCode === undefined ? '' : ` with ${seen.exitCode}`}`;
  if (newNamespaces.has(want.namespace)) return `its namespace ${want.namespace} was gone`;
  return undefined;
}

/** What comes first stays first; a workload follows all of its `after` that are here. A cycle is cut where it is met. */
function inStartOrder(workloads: DesiredWorkload[]): DesiredWorkload[] {
  const byKey = new Map(workloads.map((workload) => [workload.key, workload]));
  const ordered = new Set<DesiredWorkload>();
  const entered = new Set<string>();
  const visit = (workload: DesiredWorkload): void => {
    if (entered.has(workload.key)) return;
    entered.add(workload.key);
    for (const key of workload.after) {
      const before = byKey.get(key);
      if (before) visit(before);
    }
    ordered.add(workload);
  };
  workloads.forEach(visit);
  return [...ordered];
}
