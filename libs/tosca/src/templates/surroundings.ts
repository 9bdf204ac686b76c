import type { Report } from '../finding.js';
import type { ToscaFile } from '../model/model.js';
import type { Schema } from '../model/schema.js';
import type { MapNode } from '../source/source-node.js';
import type { FunctionDefinition, Lookup } from '../values/scope.js';
import type { ValueChecker } from '../values/value-checker.js';
import type { GivenInputs } from './read-parameters.js';

/** What the checks of templates need of the rest of a compilation. */
export interface TemplateSurroundings {
  report: Report;
  values: ValueChecker;
  /** Parameter definitions in a section of a mapping of the file, such as `inputs`. */
  parameters(file: ToscaFile, owner: MapNode, section: string): ReadonlyMap<string, Schema>;
  /** Custom functions that a template of the file can call. */
  functions(file: ToscaFile, template: MapNode): Lookup<FunctionDefinition>;
  /** For the entry. */
  inputs: GivenInputs;
  /** Is there such a file in the package? Undefined where that is not known. */
  hasFile: ((path: string) => boolean) | undefined;
}
