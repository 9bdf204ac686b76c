import { isAbsent } from '../grammar/fits.js';
import type { ArtifactDefinition, ArtifactType } from '../model/types.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { mapAt, nodeAt, textAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

type Definitions = ReadonlyMap<string, ArtifactDefinition>;

/** An artifact of a derived type replaces the inherited one of its name; nothing of that is kept. */
export function readArtifacts(
  owner: MapNode,
  inherited: Definitions | undefined,
  reader: TypeReader,
): Definitions {
  const own = new Map<string, ArtifactDefinition>();
  for (const [name, { keyPlace, node }] of mapAt(owner, 'artifacts')?.entries ?? []) {
    if (isAbsent(node) || node.kind === 'list') continue;
    own.set(name, readArtifact(name, keyPlace, node, reader));
  }
  return reader.fold(inherited, own);
}

export function readArtifact(
  name: string,
  place: Place,
  node: SourceNode,
  reader: TypeReader,
): ArtifactDefinition {
  if (node.kind !== 'map') {
    const file = node.kind === 'scalar' ? node.text : '';
    return { name, place, type: undefined, node, file };
  }
  if (nodeAt(node, 'type') === undefined) {
    reader.report.add(place, {
      code: 'KEYWORD_MISSING',
      ...(reader.isStrict ? {} : { severity: 'warning' }),
      message: `The artifact ${name.slice(0, 80)} has no type`,
      expected: 'type: …',
    });
  }
  checkRepository(node, reader);
  const type: ArtifactType | undefined = reader.type('artifact', nodeAt(node, 'type'));
  return { name, place, type, node, file: textAt(node, 'file') };
}

function checkRepository(node: MapNode, reader: TypeReader): void {
  const repository = nodeAt(node, 'repository');
  if (repository?.kind !== 'scalar' || !reader.scope.complete) return;
  if (reader.scope.repositories.has(repository.text)) return;
  reader.report.add(repository.place, {
    code: 'REFERENCE_UNKNOWN',
    ...(reader.isTwo ? {} : { severity: 'warning' }),
    message: `There is no repository ${repository.text.slice(0, 80)}`,
    expected: 'one of repositories',
  });
}
