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

/** Arguments that hold no call have the same value each time: of a validation, for each value that it is tried on. */
export class Constants {
  private readonly constant = new WeakMap<SourceNode, boolean>();
  private readonly results = new WeakMap<SourceNode, Map<Schema | undefined, Result>>();

  /** The value of a node as a schema has it; undefined where it is not constant. */
  read(
    node: SourceNode,
    wanted: Schema | undefined,
    edition: '1.x' | '2.0',
    read: () => Result,
  ): Result | undefined {
    if (!this.isConstant(node, edition)) return undefined;
    let bySchema = this.results.get(node);
    if (bySchema === undefined) this.results.set(node, (bySchema = new Map()));
    let result = bySchema.get(wanted);
    if (result === undefined) bySchema.set(wanted, (result = read()));
    return result;
  }

  private isConstant(node: SourceNode, edition: '1.x' | '2.0'): boolean {
    let constant = this.constant.get(node);
    if (constant === undefined) {
      constant = recogniseCall(node, edition) === undefined && this.holdsConstants(node, edition);
      this.constant.set(node, constant);
    }
    return constant;
  }

  private holdsConstants(node: SourceNode, edition: '1.x' | '2.0'): boolean {
    if (node.kind === 'list') return node.items.every((item) => this.isConstant(item, edition));
    if (node.kind === 'scalar') return true;
    for (const { node: item } of node.entries.values()) if (!this.isConstant(item, edition)) return false;
    return true;
  }
}

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
    private readonly constants: Constants,
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
    const edition = editionOf(this.inside.scope.version);
    const constant = this.constants.read(node, wanted, edition, () => this.readLiteral(node, wanted));
    if (constant !== undefined) return constant;
    return this.isCall(index) ? this.readNode(node, undefined, this.inside) : this.readLiteral(node, wanted);
  }

  add(place: Place, note: Note): void {
    this.inside.report?.add(place, note);
  }

  private readLiteral(node: SourceNode, wanted: Schema | undefined): Result {
    if (wanted === undefined) return this.readNode(node, undefined, this.inside);
    const trial = new Trial();
    const result = this.readNode(node, withoutClauses(wanted), { ...this.inside, report: trial });
    // A literal of another type: the function says whether it takes that.
    return trial.problems === 0 ? result : this.readNode(node, undefined, this.inside);
  }
}

function argumentsOf(argument: SourceNode | undefined): readonly SourceNode[] {
  if (argument === undefined || (argument.kind === 'scalar' && argument.value === null)) return NOTHING;
  return argument.kind === 'list' ? argument.items : [argument];
}

const NOTHING: readonly SourceNode[] = [];
