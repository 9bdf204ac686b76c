import type { PluginManifest } from '@underware/core';
import type { ObjectAnalysis } from './analyze-elf.js';
import { packageError } from './package-error.js';

/** A manifest may only speak of what its object has: PACKAGE_MALFORMED lists every difference. */
export function matchManifest(manifest: PluginManifest, analysis: ObjectAnalysis): void {
  const differences: string[] = [];
  const programs = new Map(Object.entries(analysis.requirements.programs));
  for (const { name, hook } of manifest.programs) {
    const program = programs.get(name);
    if (!program) differences.push(`program ${name} is not in the object`);
    else if (hook === 'xdp' ? program.attach !== 'xdp' : !program.attach.startsWith('tcx'))
      differences.push(
        `program ${name} is for hook ${hook}, but its section is for ${program.type} on ${program.attach === 'none' ? 'no hook of a port' : program.attach}`,
      );
  }
  const maps = new Map(analysis.maps.map(({ name, type }) => [name, type]));
  for (const name of Object.keys(manifest.maps))
    if (!maps.has(name)) differences.push(`map ${name} is not in the object`);
  const events = manifest.events?.map;
  const eventsType = events === undefined ? undefined : maps.get(events);
  if (eventsType !== undefined && eventsType !== 'ringbuf')
    differences.push(`events come from map ${events}, which is ${eventsType}, not ringbuf`);
  // libbpf would pin it beside our tree, where all instances share it and nobody removes it; of others it is not asked to.
  for (const { name, pinsItself } of manifest.thirdParty ? [] : analysis.maps)
    if (pinsItself)
      differences.push(`map ${name} pins itself by name (LIBBPF_PIN_BY_NAME); the agent pins maps`);
  const next = manifest.thirdParty?.next;
  if (next !== undefined && maps.get(next) !== 'prog_array')
    differences.push(
      `what it passes goes on by map ${next}, which is ${maps.get(next) ?? 'not in the object'}, not prog_array`,
    );
  const [first] = differences;
  if (first === undefined) return;
  throw packageError('PACKAGE_MALFORMED', `manifest of ${manifest.name}@${manifest.version}`, first, {
    remedy: 'Make plugin.yaml and the program agree',
    detail: differences.join('\n'),
  });
}
