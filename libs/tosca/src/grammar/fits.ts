import type { SourceNode } from '../source/source-node.js';
import { CONSTRUCTS } from './constructs.js';
import type { Shape } from './shape.js';

export const WORDS = {
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
export function fits(node: SourceNode, shape: Shape): boolean {
  switch (shape.kind) {
    case 'any':
      return true;
    case 'construct': {
      const { short } = CONSTRUCTS[shape.name];
      return node.kind === 'map' || short === 'any' || (short === 'text' && node.kind === 'scalar');
    }
    case 'map':
      return node.kind === 'map';
    case 'list':
    case 'pairs':
      return node.kind === 'list';
    case 'either':
      return shape.of.some((one) => fits(node, one));
    case 'text':
    case 'scalar':
      return node.kind === 'scalar';
    case 'boolean':
      return node.kind === 'scalar' && BOOLEAN_WORD.test(node.text);
    case 'range':
      return node.kind === 'list' && node.items.length === 2 && node.items.every(isBound);
    case 'texts':
      return node.kind === 'list' && node.items.every((item) => item.kind === 'scalar' && !isAbsent(item));
    case 'functionOrInteger':
      return node.kind === 'map' || (node.kind === 'scalar' && /^(?:\d+|\$.*|UNBOUNDED)$/.test(node.text));
  }
}

/** Those of YAML 1.1, which files of TOSCA 1.x rely on, among them. */
const BOOLEAN_WORD = /^(?:true|false|yes|no|on|off)$/i;

function isBound(node: SourceNode): boolean {
  return node.kind === 'scalar' && /^(?:\d+|UNBOUNDED|unbounded)$/.test(node.text);
}
