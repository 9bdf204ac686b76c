import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

/** A call as it is written. */
export interface WrittenCall {
  /** As written, `$` included. */
  name: string;
  /** Without `$`. */
  bare: string;
  place: Place;
  /** Undefined for a call without arguments in the form of a string. */
  argument: SourceNode | undefined;
  /** A name of 1.x in a file of 2.0, where it is no call by the standard. */
  old: boolean;
  /** Where a map is wanted, it is one. */
  doubtful: boolean;
}

/** The functions of 1.x. */
export const OLD_NAMES: ReadonlySet<string> = new Set([
  'get_input',
  'get_property',
  'get_attribute',
  'get_operation_output',
  'get_nodes_of_type',
  'get_artifact',
  'concat',
  'join',
  'token',
]);
/** Of 1.x: those that take a name as well as a list. */
const TAKES_NAME = new Set(['get_input', 'get_nodes_of_type']);
const OWN_NAME = /^get_[a-z]+(?:_[a-z]+)*$/;
const DOLLAR = 36;
const CALL = /^\$[A-Za-z_][\w.:-]*$/;

/** The call that a node is; undefined where it is plain data. */
export function recogniseCall(node: SourceNode, edition: '1.x' | '2.0'): WrittenCall | undefined {
  if (node.kind === 'list') return undefined;
  if (node.kind === 'scalar') {
    if (edition === '1.x' || node.text.charCodeAt(0) !== DOLLAR) return undefined;
    if (typeof node.value !== 'string' || !CALL.test(node.text)) return undefined;
    const { text: name, place } = node;
    return { name, bare: name.slice(1), place, argument: undefined, old: false, doubtful: false };
  }
  if (node.entries.size !== 1) return undefined;
  const [entry] = node.entries;
  if (entry === undefined) return undefined;
  const [name, { keyPlace, node: argument }] = entry;
  if (edition === '2.0' && name.charCodeAt(0) === DOLLAR && CALL.test(name)) {
    return { name, bare: name.slice(1), place: keyPlace, argument, old: false, doubtful: false };
  }
  const old = edition === '2.0';
  if (!OLD_NAMES.has(name)) {
    // Orchestrators of 1.x bring functions of their own: get_secret, get_env.
    const own = !old && OWN_NAME.test(name) && argument.kind !== 'map';
    return own ? { name, bare: name, place: keyPlace, argument, old, doubtful: true } : undefined;
  }
  // A map may have a key `token` of its own, but hardly one `get_property`.
  const fits = argument.kind === 'list' || (TAKES_NAME.has(name) && argument.kind === 'scalar');
  if (!fits && (old || !name.startsWith('get_'))) return undefined;
  return { name, bare: name, place: keyPlace, argument, old, doubtful: old };
}

/** The key of a mapping that would be a call if it were alone. */
export function strayCall(node: MapNode): { name: string; place: Place } | undefined {
  if (node.entries.size < 2) return undefined;
  for (const [name, { keyPlace }] of node.entries) {
    if (name.charCodeAt(0) === DOLLAR && CALL.test(name)) return { name, place: keyPlace };
  }
  return undefined;
}

/** A key that a function makes, kept as its text: `{ $concat: [ a, b ] }`, `$keygen$1: [ UUID ]`. */
export function isCallKey(key: string): boolean {
  return /^(?:\{\s*["']?)?\$[^$]/.test(key) || /^\{\s*["']?(?:get_\w+|concat|join|token)\b/.test(key);
}

/** `$$name` is the text `$name`. */
export function unescape(text: string): string {
  return text.startsWith('$$') ? text.slice(1) : text;
}
