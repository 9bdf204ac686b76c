import type { Artifact, ArtifactReference, Implementation } from '../model/topology.js';
import type { SourceNode } from '../source/source-node.js';
import type { TemplateContext } from './context.js';
import { isEmpty, itemsOf, textAt, textOf } from './entries.js';
import { checkFile, checkRepository } from './read-artifacts.js';

/**
 * The artifacts that implement an operation: one text, or a mapping with `primary` and `dependencies`. Without context
 * it is of a type, whose names are checked where the type is.
 */
export function readImplementation(
  node: SourceNode | undefined,
  artifacts: ReadonlyMap<string, Artifact>,
  context: TemplateContext | undefined,
): Implementation | undefined {
  if (node === undefined || isEmpty(node)) return undefined;
  if (node.kind !== 'map') {
    const primary = readReference(node, artifacts, context);
    return { place: node.place, dependencies: [], ...(primary === undefined ? {} : { primary }) };
  }
  // An artifact written out in place of its name.
  const written = node.entries.has('file') ? node : node.entries.get('primary')?.node;
  const primary = readReference(written, artifacts, context);
  const timeout = Number(textAt(node, 'timeout') ?? Number.NaN);
  const operationHost = textAt(node, 'operation_host');
  return {
    place: node.place,
    ...(primary === undefined ? {} : { primary }),
    dependencies: itemsOf(node.entries.get('dependencies')?.node).flatMap(
      (each) => readReference(each, artifacts, context) ?? [],
    ),
    ...(Number.isFinite(timeout) ? { timeout } : {}),
    ...(operationHost === undefined ? {} : { operationHost }),
  };
}

function readReference(
  node: SourceNode | undefined,
  artifacts: ReadonlyMap<string, Artifact>,
  context: TemplateContext | undefined,
): ArtifactReference | undefined {
  if (node?.kind === 'map') {
    const file = node.entries.get('file')?.node;
    if (context !== undefined) {
      context.type('artifact', node.entries.get('type')?.node);
      if (checkRepository(node, context) === undefined) checkFile(file, context);
    }
    return { place: node.place, file: textOf(file) ?? '' };
  }
  const name = textOf(node);
  if (node === undefined || name === undefined) return undefined;
  const artifact = artifacts.get(name);
  if (artifact === undefined && context !== undefined) checkFile(node, context);
  return {
    place: node.place,
    ...(artifact === undefined ? {} : { artifact }),
    file: artifact?.file ?? name,
  };
}
