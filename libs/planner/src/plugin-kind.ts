import type { PluginManifest, Underservice } from '@underware/core';

/** The kind whose underservices name the plugin that they want: programs of others have nothing else in common. */
const NAMED = 'program';

/** What a plugin must implement to be an underservice's; a named one is `program NAME` or `program NAME@VERSION`. */
export function wantedKind({ kind, model }: Pick<Underservice, 'kind' | 'model'>): string {
  const plugin = model['plugin'];
  return kind === NAMED && typeof plugin === 'string' ? `${kind} ${plugin}` : kind;
}

/** Under which of these a plugin is found. */
export function pluginKinds({
  name,
  version,
  implements: kind,
}: Pick<PluginManifest, 'name' | 'version' | 'implements'>): string[] {
  return kind === NAMED ? [`${kind} ${name}`, `${kind} ${name}@${version}`] : [kind];
}
