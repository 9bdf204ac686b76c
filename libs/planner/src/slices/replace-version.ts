import { programHook } from '@underware/core';
import type { CatalogPlugin, DesiredInstance } from '@underware/core';
import { revisionOf } from '../stable-names.js';

/** The same instance of another version of its plugin; undefined where that has no program for its hook. */
export function replaceVersion(
  instance: DesiredInstance,
  { digest, manifest }: Pick<CatalogPlugin, 'digest' | 'manifest'>,
): DesiredInstance | undefined {
  const { id, hook, config, stateOwner } = instance;
  const program = manifest.programs.find((each) => each.hook === programHook(hook))?.name;
  if (program === undefined) return undefined;
  const owner = stateOwner === undefined ? {} : { stateOwner };
  const revision = revisionOf({ digest, program, config, ...owner });
  const plugin = { name: manifest.name, version: manifest.version, digest };
  return { ...instance, key: `${id}-${revision}`, revision, plugin, program };
}
