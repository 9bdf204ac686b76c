import type { Place } from './sources.js';

/** Stands for a value that is not known yet, e.g. an input without a value: every check passes it by. */
export const UNRESOLVED: unique symbol = Symbol('unresolved');

/**
 * Text as a tree that knows its places: what the compiler reads instead of the YAML library's own nodes. Aliases share
 * nodes, so the tree is a graph without cycles; who walks it counts.
 */
export type SourceNode = MapNode | ListNode | ScalarNode;

export interface MapNode {
  kind: 'map';
  place: Place;
  entries: Map<string, MapEntry>;
}

export interface MapEntry {
  keyPlace: Place;
  node: SourceNode;
}

export interface ListNode {
  kind: 'list';
  place: Place;
  items: SourceNode[];
}

export interface ScalarNode {
  kind: 'scalar';
  place: Place;
  value: string | number | boolean | null | typeof UNRESOLVED;
  /** As written, without quotes: `1.10` stays `1.10`. */
  text: string;
  /** Written in quotes or as a block: text, whatever it looks like. */
  quoted: boolean;
  /** It has an anchor, so an alias may stand for it elsewhere. */
  anchored?: true;
  /** A YAML type that is none of the core ones, such as `!!binary`. */
  tag?: string;
}
