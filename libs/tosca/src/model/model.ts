import type { MapNode } from '../source/source-node.js';
import type { Schema } from './schema.js';
import type { Scope } from './types.js';
import type { ToscaType } from './types.js';
import type { ToscaVersion } from './version.js';

/** A file of a compilation, read and checked against the grammar of its version. */
export interface ToscaFile {
  path: string;
  version: ToscaVersion;
  root: MapNode;
  scope: Scope;
  /** The mapping at `topology_template` or `service_template`, where there is one. */
  serviceTemplate?: MapNode;
}

/** An input or output of a service template, workflow or operation. */
export interface Parameter extends Schema {
  name: string;
}

/** What a compilation knows once its types are resolved. */
export interface TypeModel {
  entry: ToscaFile;
  /** The entry and every file of the package that it imports; built-in profiles are not among them. */
  files: readonly ToscaFile[];
  /** The types that those files define. */
  types: readonly ToscaType[];
}
