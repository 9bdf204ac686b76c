import type { MapNode, SourceNode } from '../source/source-node.js';
import type { FunctionDefinition, FunctionSignature } from '../values/scope.js';
import { readAnonymous } from './read-schema.js';
import { nodeAt } from './type-reader.js';
import type { TypeReader } from './type-reader.js';

/** One entry of `functions` of 2.0. */
export function readFunction(name: string, node: MapNode, reader: TypeReader): FunctionDefinition {
  const signatures = nodeAt(node, 'signatures');
  const list =
    signatures?.kind === 'list'
      ? signatures.items
      : signatures?.kind === 'map'
        ? [...signatures.entries.values()].map((entry) => entry.node)
        : [];
  return {
    place: node.place,
    name,
    signatures: list.flatMap((each) => (each.kind === 'map' ? [readSignature(each, reader)] : [])),
  };
}

function readSignature(node: MapNode, reader: TypeReader): FunctionSignature {
  const result = nodeAt(node, 'result');
  const variadic = nodeAt(node, 'variadic');
  return {
    arguments: schemas(nodeAt(node, 'arguments'), reader),
    optionalArguments: schemas(nodeAt(node, 'optional_arguments'), reader),
    variadic: variadic?.kind === 'scalar' && variadic.value === true,
    result: result === undefined ? undefined : readAnonymous(result, undefined, reader),
  };
}

function schemas(node: SourceNode | undefined, reader: TypeReader): FunctionSignature['arguments'] {
  return node?.kind === 'list' ? node.items.map((item) => readAnonymous(item, undefined, reader)) : [];
}
