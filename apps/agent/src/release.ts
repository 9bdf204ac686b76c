import type { ErrorReport, HostState } from '@underware/core';
import { toErrorReport } from '@underware/core';
import { diff } from '@underware/diff';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DesiredStateStore } from './desired-state.js';
import type { Host } from './host.js';

/**
 * Takes everything of ours off the host: workloads, chains, routes, ports, namespaces, pins, and what the agent noted.
 * A step that fails holds up no other; the failures come back and the notes stay, so that it can be run again.
 */
export async function release(
  host: Host,
  store: DesiredStateStore,
  stateDir: string,
  onStep: (name: string) => void,
): Promise<ErrorReport[]> {
  const known = await store.read();
  const nothing: HostState = { host: known?.accepted.host ?? '', generation: 0, slices: [] };
  const previous: HostState = {
    ...nothing,
    slices: [...(known?.target.slices ?? []), ...(known?.accepted.slices ?? [])],
    held: [...(known?.target.held ?? []), ...(known?.accepted.held ?? [])],
  };
  const failures: ErrorReport[] = [];
  for (const step of diff(nothing, await host.observe(), { previous })) {
    onStep(step.name);
    try {
      await host.perform(step.do, previous);
    } catch (thrown) {
      failures.push(toErrorReport(thrown, step.name, step.service));
    }
  }
  try {
    await host.kernel.clear();
  } catch (thrown) {
    failures.push(toErrorReport(thrown, 'clear the kernel', 'this host'));
  }
  if (failures.length > 0) return failures;
  for (const name of [
    'desired.json',
    'desired.json.part',
    'desired.json.unreadable',
    'journal.jsonl',
    'journal.1.jsonl',
    'packages',
  ])
    await rm(join(stateDir, name), { recursive: true, force: true });
  return [];
}
