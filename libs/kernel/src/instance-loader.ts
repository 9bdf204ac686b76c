import { join } from 'node:path';
import { BpfObject, type BpfMap } from '@underware/libbpf';
import type { DesiredInstance, MapEntry, PluginManifest } from '@underware/core';
import { adopt } from './adopt.js';
import { attempt, lend } from './bpf-call.js';
import { carryState, fillCarried, type CarriedMap } from './carry-state.js';
import type { Delivery } from './delivery.js';
import { identityOf } from './keys.js';
import { invalidConfig } from './kernel-error.js';
import { encodeName, type PinTree } from './pin-tree.js';
import { statePath } from './state-pins.js';

const RODATA = '.rodata';

/**
 * Loads the instance's program with the state that it goes on with, fills and freezes its config and pins everything below a new staged directory, which
 * it returns. Nothing of it is in a chain yet, and nothing remains when it throws.
 */
export async function stageInstance(
  pins: PinTree,
  instance: DesiredInstance,
  elf: Uint8Array,
  manifest: PluginManifest,
  delivery: Delivery,
): Promise<string> {
  const on = `${instance.plugin.name}@${instance.plugin.version} as ${instance.key}`;
  const object = await attempt('open plugin object', on, () => BpfObject.open(elf));
  return lend(object, async () => {
    configure(object, instance, manifest, on);
    // What was built before this was known is without it.
    if (instance.hook === 'xdp/egress' && object.hasRodata('uw_delivered'))
      object.setRodata({ uw_delivered: 1 });
    await delivery.lendMaps(object);
    const carried = await carryState(object, instance, manifest, pins, on);
    await attempt('load plugin instance', on, () => object.load());
    await fillMaps(object, instance, manifest, on);
    await fillCarried(object, carried, on);
    const stage = await pinAll(object, instance, manifest, carried, pins, on);
    if (instance.hook !== 'xdp/egress') return stage;
    try {
      await delivery.end(stage);
      return stage;
    } catch (error) {
      pins.discard(stage);
      throw error;
    }
  });
}

export function configure(
  object: BpfObject,
  instance: DesiredInstance,
  { thirdParty }: PluginManifest,
  on: string,
): void {
  const { pluginDigest, instance: id, revision } = identityOf(instance);
  const { rodata, mapSizes } = instance.config;
  const uw_identity = { plugin_digest: pluginDigest, instance: id, revision };
  // The other programs of the object are for other hooks: each hook has its instance.
  for (const { name } of object.programs) object.setAutoload(name, name === instance.program);
  try {
    if (!thirdParty || Object.keys(rodata).length > 0)
      object.setRodata({ ...rodata, ...(thirdParty ? {} : { uw_identity }) });
    // What it asks to be pinned elsewhere would be shared with whoever else asks, and stay for ever.
    if (thirdParty) for (const { name } of object.maps) object.setPinPath(name, undefined);
    for (const [map, size] of Object.entries(mapSizes)) object.setMaxEntries(map, size);
  } catch (error) {
    throw invalidConfig(on, reason(error), error);
  }
}

export async function fillMaps(
  object: BpfObject,
  { config }: DesiredInstance,
  manifest: PluginManifest,
  on: string,
): Promise<void> {
  for (const [name, { role }] of Object.entries(manifest.maps)) {
    if (role !== 'config') continue;
    await lend(object.map(name), async (map) => {
      await fill(map, config.maps[name] ?? [], `${on}, map ${name}`);
      // From here on nobody can alter it, whatever rights they have.
      await attempt(`freeze config map ${name}`, on, () => map.freeze());
    });
  }
}

async function fill(map: BpfMap, entries: MapEntry[], on: string): Promise<void> {
  try {
    await map.setBatch(entries.map(({ key, value }) => [key, value]));
  } catch (error) {
    throw invalidConfig(on, reason(error), error);
  }
}

async function pinAll(
  object: BpfObject,
  instance: DesiredInstance,
  { thirdParty }: PluginManifest,
  carried: readonly CarriedMap[],
  pins: PinTree,
  on: string,
): Promise<string> {
  const stage = pins.stage('maps', ...carried.map(({ owner }) => join('state', owner)));
  const pinOf = (name: string): string => {
    const kept = carried.find(({ map }) => map === name);
    if (kept) return statePath(stage, kept);
    if (!thirdParty && name === RODATA) return join(stage, 'rodata');
    return join(stage, 'maps', name === thirdParty?.next ? 'uw_next' : encodeName(name));
  };
  try {
    await attempt('pin plugin instance', on, () =>
      Promise.all([
        lend(object.program(instance.program), (program) => program.pin(join(stage, 'prog'))),
        ...object.maps.map(({ name }) => lend(object.map(name), (map) => map.pin(pinOf(name)))),
      ]),
    );
    if (thirdParty)
      await attempt('name third-party program', on, () => adopt(object, instance, thirdParty, stage));
    return stage;
  } catch (error) {
    pins.discard(stage);
    throw error;
  }
}

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
