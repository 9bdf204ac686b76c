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
  const [first] = differences;
  if (first === undefined) return;
  throw packageError('PACKAGE_MALFORMED', `manifest of ${manifest.name}@${manifest.version}`, first, {
    remedy: 'Make plugin.yaml and the program agree',
    detail: differences.join('\n'),
  });
}
