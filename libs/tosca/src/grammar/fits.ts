import type { SourceNode } from '../source/source-node.js';
import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import { readVersion } from '../values/version-value.js';
import { CONSTRUCTS } from './constructs.js';
import type { Shape } from './shape.js';

export const WORDS = {
  given: 'a value',
  prose: 'text',
  version: '<major>.<minor>[.<fix>]',
  text: 'text',
  scalar: 'text or a number',
  boolean: 'true or false',
  range: 'a range [ least, most ]',
  texts: 'a list of names',
  functionOrInteger: 'a whole number',
} as const;

/** Nothing was written after a keyname: the same as if it were not there. */
export function isAbsent(node: SourceNode | undefined): boolean {
  return node === undefined || (node.kind === 'scalar' && node.value === null && !node.quoted);
}

/** Whether a node has a shape from outside; what it contains is not looked at. */
export function fits(node: SourceNode, shape: Shape, version: ToscaVersion): boolean {
  switch (shape.kind) {
    case 'any':
      return true;
    case 'anchored':
      return !isTwo(version) || node.kind === 'map';
    case 'construct': {
      const { short } = CONSTRUCTS[shape.name];
      return node.kind === 'map' || short === 'any' || (short === 'text' && isText(node));
    }
    case 'map':
      return node.kind === 'map';
    case 'list':
    case 'pairs':
      return node.kind === 'list';
    case 'either':
      return shape.of.some((one) => fits(node, one, version));
    case 'given':
      return !isTwo(version) || !isAbsent(node);
    case 'text':
      return isText(node);
    case 'prose':
      return isTwo(version) ? isText(node) : node.kind === 'scalar';
    case 'version':
      return node.kind === 'scalar' && (!isTwo(version) || isVersion(node.text));
    case 'scalar':
      return node.kind === 'scalar';
    case 'boolean':
      if (node.kind !== 'scalar') return false;
      return isAtLeast(version, 'tosca_simple_yaml_1_3')
        ? typeof node.value === 'boolean'
        : BOOLEAN_WORD.test(node.text);
    case 'range':
      return node.kind === 'list' && node.items.length === 2 && node.items.every(isBound);
    case 'texts':
      return node.kind === 'list' && node.items.every((item) => item.kind === 'scalar' && !isAbsent(item));
    case 'functionOrInteger':
      return node.kind === 'map' || (node.kind === 'scalar' && /^(?:\d+|\$.*|UNBOUNDED)$/.test(node.text));
  }
}

function isTwo(version: ToscaVersion): boolean {
  return isAtLeast(version, 'tosca_2_0');
}

/** Of a type: tools write it as their own versions, with a lone major or a qualifier after a dash. */
function isVersion(text: string): boolean {
  return readVersion(text, '1.x') !== undefined || readVersion(text, '2.0') !== undefined;
}

/** A name, not a number or a boolean that would have to be quoted to be one. */
export function isText(node: SourceNode): boolean {
  return node.kind === 'scalar' && typeof node.value === 'string';
}

/** Those of YAML 1.1, which files of the early TOSCA rely on, among them. */
const BOOLEAN_WORD = /^(?:true|false|yes|no|on|off)$/i;

function isBound(node: SourceNode): boolean {
  return node.kind === 'scalar' && /^(?:\d+|UNBOUNDED|unbounded)$/.test(node.text);
}
