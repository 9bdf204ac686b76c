import type { Note } from '../finding.js';
import type { Schema } from '../model/schema.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { UNKNOWN } from './call.js';
import type { Call, Result } from './call.js';
import type { Patterns } from './pattern.js';
import { recogniseCall } from './recognise-call.js';
import type { WrittenCall } from './recognise-call.js';
import { editionOf, Trial } from './surroundings.js';
import type { Read, Surroundings } from './surroundings.js';
import { withoutClauses } from './without-clauses.js';

/** A call where it is written. */
export class EvaluatedCall implements Call {
  readonly name: string;
  readonly place: Place;
  readonly edition: '1.x' | '2.0';
  readonly args: readonly SourceNode[];
  private readonly inside: Surroundings;

  constructor(
    written: WrittenCall,
    at: Surroundings,
    private readonly readNode: Read,
    readonly patterns: Patterns,
  ) {
    this.name = written.name;
    this.place = written.place;
    // By the words of the old edition where it is written in them.
    this.edition = written.old ? '1.x' : editionOf(at.scope.version);
    this.args = argumentsOf(written.argument);
    this.inside = at.nested ? { ...at, nested: false } : at;
  }

  isCall(index: number): boolean {
    const node = this.args[index];
    return node !== undefined && recogniseCall(node, editionOf(this.inside.scope.version)) !== undefined;
  }

  read(index: number, wanted?: Schema): Result {
    const node = this.args[index];
    if (node === undefined) return UNKNOWN;
    return this.isCall(index)
      ? this.readNode(node, undefined, this.inside)
      : readArgument(node, wanted, this.readNode, this.inside);
  }

  add(place: Place, note: Note): void {
    this.inside.report?.add(place, note);
  }
}

/** A literal among the arguments of a call, as a value of `wanted` where it is one. */
export function readArgument(
  node: SourceNode,
  wanted: Schema | undefined,
  read: Read,
  inside: Surroundings,
): Result {
  if (wanted === undefined) return read(node, undefined, inside);
  const trial = new Trial();
  const result = read(node, withoutClauses(wanted), { ...inside, report: trial });
  // A literal of another type: the function says whether it takes that.
  return trial.problems === 0 ? result : read(node, undefined, inside);
}

export function argumentsOf(argument: SourceNode | undefined): readonly SourceNode[] {
  if (argument === undefined || (argument.kind === 'scalar' && argument.value === null)) return NOTHING;
  return argument.kind === 'list' ? argument.items : [argument];
}

const NOTHING: readonly SourceNode[] = [];
