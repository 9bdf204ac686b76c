import { nearestName } from '@underware/core';
import type { Artifact } from '../model/topology.js';
import type { ArtifactDefinition } from '../model/types.js';
import { isAtLeast } from '../model/version.js';
import type { MapEntry, MapNode, SourceNode } from '../source/source-node.js';
import { clip, oneOf } from '../values/shown.js';
import type { TemplateContext } from './context.js';
import type { TemplateEntity } from './entities.js';
import { mapAt, textAt, textOf } from './entries.js';
import { LazyMap, NOTHING } from './lazy-map.js';
import { PROPERTIES, readAssignments, SOME_PROPERTIES } from './read-assignments.js';

/** The artifacts of a node template, and below them those of its type. */
export function readArtifacts(
  written: MapNode | undefined,
  ofType: ReadonlyMap<string, ArtifactDefinition>,
  owner: TemplateEntity,
  context: TemplateContext,
): ReadonlyMap<string, Artifact> {
  if (written === undefined && ofType.size === 0) return NOTHING;
  const own = new Map<string, Artifact>();
  for (const [name, entry] of written?.entries ?? []) {
    own.set(name, readArtifact(name, entry, ofType.get(name), owner, context));
  }
  return new LazyMap<Artifact>(own, ofType, (name) => {
    const definition = ofType.get(name);
    if (definition === undefined) return undefined;
    const { place, type, node, file } = definition;
    return { name, place, type, file, node, properties: NOTHING };
  });
}

function readArtifact(
  name: string,
  { keyPlace, node }: MapEntry,
  inherited: ArtifactDefinition | undefined,
  owner: TemplateEntity,
  context: TemplateContext,
): Artifact {
  const map = node.kind === 'map' ? node : undefined;
  const inheritedMap = inherited?.node.kind === 'map' ? inherited.node : undefined;
  const typeNode = map?.entries.get('type')?.node;
  const type = typeNode === undefined ? inherited?.type : context.type('artifact', typeNode);
  const fileNode = map === undefined ? node : map.entries.get('file')?.node;
  if (map !== undefined && inherited === undefined) {
    if (typeNode === undefined) {
      const strict = isAtLeast(context.version, 'tosca_simple_yaml_1_3');
      context.add(keyPlace, {
        code: 'KEYWORD_MISSING',
        ...(strict ? {} : { severity: 'warning' }),
        message: `The artifact ${clip(name)} has no type`,
        expected: 'type: …',
      });
    }
    if (fileNode === undefined) {
      context.add(keyPlace, {
        code: 'KEYWORD_MISSING',
        message: `The artifact ${clip(name)} has no file`,
        expected: 'file: …',
      });
    }
  }
  const repository = map === undefined ? undefined : checkRepository(map, context);
  if (repository === undefined) checkFile(fileNode, context);
  return {
    name,
    place: keyPlace,
    type,
    file: textOf(fileNode) ?? inherited?.file ?? '',
    ...(repository === undefined ? {} : { repository }),
    properties: readAssignments(
      mapAt(map, 'properties'),
      type?.properties ?? NOTHING,
      {
        title: `artifact ${clip(name)} of ${owner.title}`,
        place: keyPlace,
        open: type?.open ?? true,
        scope: owner.scope,
      },
      map === undefined ? SOME_PROPERTIES : PROPERTIES,
      context,
      new Set(mapAt(inheritedMap, 'properties')?.entries.keys()),
    ),
    node,
  };
}

/** The name at `repository`, where it is one that the file defines. */
export function checkRepository(map: MapNode, context: TemplateContext): string | undefined {
  const node = map.entries.get('repository')?.node;
  const name = textAt(map, 'repository');
  const { repositories, complete } = context.file.scope;
  if (node === undefined || name === undefined) return undefined;
  if (!repositories.has(name) && complete) {
    context.add(node.place, {
      code: 'REFERENCE_UNKNOWN',
      message: `There is no repository ${clip(name)}`,
      expected: oneOf(repositories) ?? 'a repository of the file',
      nearest: () => nearestName(name, repositories),
    });
  }
  return name;
}

/** A file of the package that is not there; addresses, images and names with variables are not files of it. */
export function checkFile(node: SourceNode | undefined, context: TemplateContext): void {
  const file = textOf(node);
  if (context.hasFile === undefined || node === undefined || file === undefined) return;
  if (!/^[\w./-]+$/.test(file) || !/\.\w+$/.test(file)) return;
  const folder = context.file.path.includes('/') ? context.file.path.replace(/\/[^/]*$/, '') : '';
  if (context.hasFile(joined(folder, file)) || context.hasFile(joined('', file))) return;
  context.add(node.place, {
    code: 'ARTIFACT_MISSING',
    message: `The package has no file ${clip(file)}`,
    expected: 'a file of the package, relative to the file that names it',
  });
}

function joined(folder: string, file: string): string {
  const steps: string[] = [];
  for (const step of `${folder}/${file}`.split('/')) {
    if (step === '..') steps.pop();
    else if (step !== '' && step !== '.') steps.push(step);
  }
  return steps.join('/');
}
