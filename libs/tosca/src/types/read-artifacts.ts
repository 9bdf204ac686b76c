import { isAbsent } from '../grammar/fits.js';
import type { ArtifactDefinition, ArtifactType } from '../model/types.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { mapAt, nodeAt, textAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

type Definitions = ReadonlyMap<string, ArtifactDefinition>;

/** An artifact of a derived type replaces the inherited one of its name; of that, type and file stand in for its own. */
export function readArtifacts(
  owner: MapNode,
  inherited: Definitions | undefined,
  reader: TypeReader,
): Definitions {
  const own = new Map<string, ArtifactDefinition>();
  for (const [name, { keyPlace, node }] of mapAt(owner, 'artifacts')?.entries ?? []) {
    if (isAbsent(node) || node.kind === 'list') continue;
    own.set(name, readArtifact(name, keyPlace, node, inherited?.get(name), reader));
  }
  return reader.fold(inherited, own);
}

function readArtifact(
  name: string,
  place: Place,
  node: SourceNode,
  inherited: ArtifactDefinition | undefined,
  reader: TypeReader,
): ArtifactDefinition {
  if (node.kind !== 'map') {
    const file = node.kind === 'scalar' ? node.text : '';
    return { name, place, type: undefined, node, file };
  }
  const severity = reader.isStrict ? 'error' : 'warning';
  const title = `The artifact ${name.slice(0, 80)}`;
  const named = nodeAt(node, 'type');
  if (named === undefined && inherited === undefined) {
    reader.missing(place, `${title} has no type`, 'type', severity);
  }
  if (nodeAt(node, 'file') === undefined && inherited === undefined) {
    reader.missing(place, `${title} has no file`, 'file');
  }
  const algorithm = nodeAt(node, 'checksum_algorithm') ?? inheritedAlgorithm(inherited);
  if (node.entries.has('checksum') && algorithm === undefined) {
    reader.missing(place, `${title} has a checksum and no algorithm`, 'checksum_algorithm', severity);
  }
  checkRepository(node, reader);
  const type = named === undefined ? inherited?.type : reader.type('artifact', named);
  if (type !== undefined && reader.isTwo) checkProperties(node, type, reader);
  return { name, place, type, node, file: textAt(node, 'file') || (inherited?.file ?? '') };
}

/** Those that the type declares are looked at; the standard's own examples give values to more than it declares. */
function checkProperties(node: MapNode, type: ArtifactType, reader: TypeReader): void {
  for (const [name, { keyPlace, node: value }] of mapAt(node, 'properties')?.entries ?? []) {
    const declared = type.properties.get(name);
    if (declared !== undefined) reader.schemas.push({ ...declared, place: keyPlace, fixed: value });
  }
}

function inheritedAlgorithm(inherited: ArtifactDefinition | undefined): SourceNode | undefined {
  return inherited?.node.kind === 'map' ? nodeAt(inherited.node, 'checksum_algorithm') : undefined;
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
