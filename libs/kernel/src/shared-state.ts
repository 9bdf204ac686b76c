import { existsSync } from 'node:fs';
import { stateMaps, type InstancePins } from './instance-pins.js';
import { currentOf, statePath, statePins, type StateMap } from './state-pins.js';

type Read = readonly [key: string, instance: InstancePins];

/**
 * Instances of one owner have one map where they agree on its layout. One that is left with another, because its was too
 * small for a newer one or lost its pin, is not whole: loaded again it takes the one that the others have.
 */
export function checkShared(instances: readonly Read[]): Read[] {
  const groups = new Map<string, StateMap[]>();
  for (const [, { state }] of instances)
    for (const each of state) groups.set(groupOf(each), [...(groups.get(groupOf(each)) ?? []), each]);
  return instances.map(([key, instance]) => {
    const lost = instance.state.find(
      (each) => currentOf(groups.get(groupOf(each)) ?? [])?.info.id !== each.info.id,
    );
    if (!lost || instance.damage !== undefined) return [key, instance];
    return [key, { ...instance, damage: `its map ${lost.map} is not the one that it shares with others` }];
  });
}

/** Ids of an instance's maps that any of the others has too. */
export function sharedWith(instance: string, others: readonly string[]): Set<number> {
  const own = statePins(instance);
  const sharers =
    own.length === 0 ? [] : others.filter((other) => own.some((pin) => existsSync(statePath(other, pin))));
  const ids = new Set(sharers.flatMap((other) => stateMaps(other).map(({ info }) => info.id)));
  return new Set(stateMaps(instance).flatMap(({ info }) => (ids.has(info.id) ? [info.id] : [])));
}

function groupOf({ owner, map, layout }: StateMap): string {
  return `${owner} ${map} ${layout}`;
}
