import { BpfMap, type BpfObject } from '@underware/libbpf';
import type { DesiredInstance, PluginManifest } from '@underware/core';
import { attempt, lend } from './bpf-call.js';
import { compareLayouts, differenceText, type Comparison, type Difference } from './compare-layouts.js';
import { copyEntries, layoutIn } from './copy-entries.js';
import { withInfo } from './instance-pins.js';
import { invalidConfig, stateIncompatible } from './kernel-error.js';
import { keptMaps, scopeOf, type KeptMap } from './kept-maps.js';
import { fingerprint, layoutOf } from './map-layout.js';
import type { PinTree } from './pin-tree.js';
import { currentOf, statePins, type StateMap, type StatePin } from './state-pins.js';

/** Where a map that outlives its instance is to be pinned, and what it is filled from once it is there. */
export interface CarriedMap extends Omit<StatePin, 'pin'> {
  copy?: { from: string; how: Comparison };
}

/**
 * Gives the object, before it is loaded, the maps that others with the same owner have already. Where those are of another
 * layout or too small, it gets new ones as large, to be filled by `fillCarried`. Throws STATE_INCOMPATIBLE where their
 * entries cannot go on in the new layout.
 */
export async function carryState(
  object: BpfObject,
  instance: DesiredInstance,
  manifest: PluginManifest,
  pins: PinTree,
  on: string,
): Promise<CarriedMap[]> {
  const kept = keptMaps(instance, manifest);
  if (kept.length === 0) return [];
  const owners = new Set(kept.map(({ owner }) => owner));
  const there = pins
    .instanceKeys()
    .flatMap((key) =>
      statePins(pins.instance(key)).map((pin) => ({ ...pin, id: key.slice(0, key.indexOf('-')) })),
    );
  // Names tell most of it: a host has hundreds of maps, and each that is opened takes as long as all names do.
  const shared = there.filter(({ owner }) => owners.has(owner)).flatMap(withInfo);
  return attempt('carry state over', on, async () => {
    const carried: CarriedMap[] = [];
    for (const map of kept) {
      const refused = scopeDifference(map, instance, there);
      if (refused) throw stateIncompatible(on, map.name, [differenceText(refused)]);
      const sharers = shared.filter((each) => each.owner === map.owner && each.map === map.name);
      carried.push(await carry(object, map, sharers, on));
    }
    return carried;
  });
}

/** After the object is loaded and before anything of it is in a chain. */
export async function fillCarried(
  object: BpfObject,
  carried: readonly CarriedMap[],
  on: string,
): Promise<void> {
  for (const { map, copy } of carried) {
    if (!copy) continue;
    await attempt(`copy entries of map ${map}`, on, () =>
      lend(BpfMap.fromPin(copy.from), (from) =>
        lend(object.map(map), (to) => copyEntries(from, to, copy.how)),
      ),
    );
  }
}

async function carry(
  object: BpfObject,
  { name, owner, role }: KeptMap,
  sharers: readonly StateMap[],
  on: string,
): Promise<CarriedMap> {
  const declared = object.maps.find((map) => map.name === name);
  if (!declared) throw invalidConfig(on, `the object has no map ${name}`);
  const layout = layoutOf(declared, object.btf);
  const carried = { owner, map: name, layout: fingerprint(layout) };
  const same = currentOf(sharers.filter((each) => each.layout === carried.layout));
  const size = same?.info.maxEntries ?? 0;
  if (same && (role === 'state' ? size >= declared.maxEntries : size === declared.maxEntries)) {
    await lend(BpfMap.fromPin(same.pin), (map) => object.reuseMap(name, map));
    return carried;
  }
  const before = same ?? newestOf(sharers);
  if (!before || role === 'telemetry') return carried;
  const how = await lend(BpfMap.fromPin(before.pin), (map) => compareLayouts(layoutIn(map), layout));
  if (how.kind === 'refused') throw stateIncompatible(on, name, how.differences.map(differenceText));
  object.setMaxEntries(name, Math.max(declared.maxEntries, before.info.maxEntries));
  return { ...carried, copy: { from: before.pin, how } };
}

/** An instance that kept the map for another circle than it does now: whose entries they would be cannot be told. */
function scopeDifference(
  { name, owner }: KeptMap,
  { id, plugin }: DesiredInstance,
  there: readonly (StatePin & { id: string })[],
): Difference | undefined {
  const is = scopeOf(owner);
  const was = there
    .filter((each) => each.id === id && each.map === name)
    .map((each) => scopeOf(each.owner))
    .find((each) => each?.plugin === plugin.name && each.scope !== is?.scope);
  return was && { field: 'scope', was: was.scope, is: is?.scope };
}

function newestOf(maps: readonly StateMap[]): StateMap | undefined {
  return [...maps].sort((a, b) => b.info.id - a.info.id)[0];
}
