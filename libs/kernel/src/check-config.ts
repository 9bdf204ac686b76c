import { programHook, sharesWithService, type DesiredInstance, type PluginManifest } from '@underware/core';
import { invalidConfig } from './kernel-error.js';

/** Who and where an instance is: the kernel library's to write; a config that names it would forge it. */
const RESERVED_RODATA = ['uw_identity', 'uw_delivered'];

/** What can be told of a config before the object is looked at; throws INPUT_INVALID. */
export function checkConfig(instance: DesiredInstance, manifest: PluginManifest): void {
  const { program, hook, config } = instance;
  const on = `${instance.plugin.name}@${instance.plugin.version} as ${instance.key}`;
  const declared = manifest.programs.find((candidate) => candidate.name === program);
  if (!declared) throw invalidConfig(on, `the plugin has no program ${program}`);
  if (declared.hook !== programHook(hook))
    throw invalidConfig(on, `program ${program} is for ${declared.hook}, not for ${hook}`);
  for (const name of RESERVED_RODATA)
    if (Object.hasOwn(config.rodata, name))
      throw invalidConfig(on, `variable ${name} is not part of a config`);
  if (sharesWithService(manifest) && instance.stateOwner === undefined)
    throw invalidConfig(on, 'the plan does not say whose maps of scope service it shares');
  for (const map of Object.keys(config.maps))
    if (!Object.hasOwn(manifest.maps, map) || manifest.maps[map]?.role !== 'config')
      throw invalidConfig(on, `map ${map} is no config map of the plugin`);
}
