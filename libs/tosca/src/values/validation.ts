import type { Schema } from '../model/schema.js';
import type { SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { UNKNOWN } from './call.js';
import type { Call, Result } from './call.js';
import { argumentsOf } from './evaluated-call.js';
import type { Patterns } from './pattern.js';
import type { PureFunction } from './pure-function.js';
import { PURE_FUNCTIONS } from './pure-functions.js';
import { recogniseCall } from './recognise-call.js';
import type { WrittenCall } from './recognise-call.js';
import type { FunctionDefinition, Lookup } from './scope.js';

/** What making a validation ready needs of its surroundings. */
export interface ValidationSurroundings {
  /** Those of the file go before the standard's. */
  functions: Lookup<FunctionDefinition> | undefined;
  patterns: Patterns;
  /** The value of what holds no call; as the schema has it, where it is one of its values. */
  readLiteral(node: SourceNode, wanted: Schema | undefined): Result;
}

/**
 * A validation of 2.0 over `$value` and constants, made ready once: it is tried on many values, and how it is written
 * need not be looked at again for each.
 */
export class Validation {
  constructor(
    private readonly expression: Part,
    private readonly subject: Subject,
  ) {}

  /** Undefined where it is not known yet. */
  holds(subject: Result): boolean | undefined {
    this.subject.now = subject;
    const { value } = this.expression.result();
    return typeof value === 'boolean' ? value : undefined;
  }
}

/** Undefined for a validation that asks for more than its value: it has to be evaluated where it stands. */
export function prepareValidation(
  node: SourceNode,
  surroundings: ValidationSurroundings,
): Validation | undefined {
  const subject = new Subject();
  const expression = prepare(node, subject, surroundings);
  return expression?.constant === false ? new Validation(expression, subject) : undefined;
}

/** A part of an expression. */
interface Part {
  /** It holds no call. */
  constant: boolean;
  result(wanted?: Schema): Result;
}

function prepare(node: SourceNode, subject: Subject, surroundings: ValidationSurroundings): Part | undefined {
  const written = recogniseCall(node, '2.0');
  if (written === undefined) return isConstant(node) ? new Constant(node, surroundings) : undefined;
  const { bare, argument } = written;
  if (bare === 'value') return argument === undefined ? subject : undefined;
  const run = PURE_FUNCTIONS.get(bare);
  if (run === undefined || surroundings.functions?.get(bare) !== undefined) return undefined;
  const args = argumentsOf(argument);
  if (args.length < run.least || args.length > run.most) return undefined;
  const parts: Part[] = [];
  for (const each of args) {
    const part = prepare(each, subject, surroundings);
    if (part === undefined) return undefined;
    parts.push(part);
  }
  return new PreparedCall(written, args, parts, run, surroundings.patterns);
}

/** `$value`. */
class Subject implements Part {
  readonly constant = false;
  now = UNKNOWN;

  result(): Result {
    return this.now;
  }
}

class Constant implements Part {
  readonly constant = true;
  private readonly results = new Map<Schema | undefined, Result>();

  constructor(
    private readonly node: SourceNode,
    private readonly surroundings: ValidationSurroundings,
  ) {}

  result(wanted?: Schema): Result {
    let result = this.results.get(wanted);
    if (result === undefined) {
      result = this.surroundings.readLiteral(this.node, wanted);
      this.results.set(wanted, result);
    }
    return result;
  }
}

class PreparedCall implements Call, Part {
  readonly constant = false;
  readonly edition = '2.0';
  readonly name: string;
  readonly place: Place;

  constructor(
    { name, place }: WrittenCall,
    readonly args: readonly SourceNode[],
    private readonly parts: readonly Part[],
    private readonly run: PureFunction,
    readonly patterns: Patterns,
  ) {
    this.name = name;
    this.place = place;
  }

  result(): Result {
    return this.run.run(this);
  }

  isCall(index: number): boolean {
    return this.parts[index]?.constant === false;
  }

  read(index: number, wanted?: Schema): Result {
    return this.parts[index]?.result(wanted) ?? UNKNOWN;
  }

  add(): void {
    // What is wrong with the expression itself was reported where it is defined.
  }
}

/** Is there no call in it? */
function isConstant(node: SourceNode): boolean {
  if (recogniseCall(node, '2.0') !== undefined) return false;
  if (node.kind === 'scalar') return true;
  if (node.kind === 'list') return node.items.every(isConstant);
  return [...node.entries.values()].every((entry) => isConstant(entry.node));
}
