import type { Report } from '../finding.js';
import type { Schema } from '../model/schema.js';
import type { ToscaVersion } from '../model/version.js';
import type { SourceNode } from '../source/source-node.js';
import type { Result } from './call.js';
import type { FunctionScope } from './scope.js';

/** Where a value is read. */
export interface Surroundings {
  scope: FunctionScope;
  /** Undefined where the same is reported elsewhere. */
  report: Report | undefined;
  /** Inside of a list, map or struct. */
  nested: boolean;
  /** What `$value` stands for. */
  subject?: Result;
}

export type Read = (node: SourceNode, schema: Schema | undefined, at: Surroundings) => Result;

/** The editions differ in how a value is written, the versions of 1.x do not. */
export function editionOf(version: ToscaVersion): '1.x' | '2.0' {
  return version === 'tosca_2_0' ? '2.0' : '1.x';
}

/** Only counts: to try a reading. */
export class Trial implements Report {
  problems = 0;

  add(_place: number, { severity }: { severity?: 'error' | 'warning' }): void {
    if (severity !== 'warning') this.problems += 1;
  }
}
