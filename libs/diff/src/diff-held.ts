import type { ObservedState } from '@underware/core';
import type { UntitledStep } from './diff-step.js';
import { diffChains } from './diff-chains.js';
import { Links } from './diff-links.js';
import { RESIDENCY, stepOf } from './diff-step.js';
import type { World } from './diff-world.js';

/**
 * Instances that stay loaded without a user: loaded where they are not there, taken out of whatever their slots lead to,
 * and unloaded when they are held no more.
 */
export function diffHeld(world: World, now: ObservedState): UntitledStep[] {
  const steps: UntitledStep[] = [];
  const links = new Links(RESIDENCY, world, now);
  const observed = new Map(now.instances.map((instance) => [instance.key, instance]));
  for (const instance of world.heldInstances()) {
    const { key, plugin } = instance;
    const seen = observed.get(key);
    if (!seen || !seen.intact) {
      const reason = seen
        ? `it is loaded again: ${seen.reason ?? 'it was altered'}`
        : 'it is held without a user';
      const step = stepOf(
        RESIDENCY,
        { kind: 'load-instance', instance },
        seen ? null : { kind: 'unload-instance', key },
        `${plugin.name}@${plugin.version}: ${reason}`,
      );
      steps.push(step);
    }
    if (seen) steps.push(...links.set({ kind: 'instance', key }, null, 'it is in no chain'));
  }
  const { early, late } = diffChains(RESIDENCY, world, now, new Set());
  return [...steps, ...early, ...late];
}
