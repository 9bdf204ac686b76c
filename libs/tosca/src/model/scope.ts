import type { MapNode } from '../source/source-node.js';
import type { ToscaVersion } from './version.js';
import type { TypeKind, TypesByKind } from './types.js';

/** Where the names in one file are looked up: its own definitions and those that it imports, under their prefixes. */
export interface Scope {
  file: string;
  version: ToscaVersion;
  /** False where an import could not be read: a name that is unknown here may be defined there. */
  complete: boolean;
  /** A type by the name that this file uses for it; also by the short name of a normative one. */
  find<Kind extends TypeKind>(kind: Kind, name: string): TypesByKind[Kind] | undefined;
  /** Every name that `find` knows, to look for the nearest. */
  names(kind: TypeKind): Iterable<string>;
  /** The definition of a repository, or of a function of 2.0. */
  repositories: ReadonlySet<string>;
  functions: ReadonlyMap<string, MapNode>;
}
