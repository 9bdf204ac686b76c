import { nearestName } from '@underware/core';
import { UNRESOLVED } from '../source/source-node.js';
import { UNKNOWN } from './call.js';
import type { Call, Result } from './call.js';
import { descend } from './descend.js';
import { EvaluatedCall } from './evaluated-call.js';
import { GRAPH_FUNCTIONS, GraphFunctions } from './graph-functions.js';
import type { Patterns } from './pattern.js';
import { PURE_FUNCTIONS } from './pure-functions.js';
import { OLD_NAMES } from './recognise-call.js';
import type { WrittenCall } from './recognise-call.js';
import type { FunctionDefinition, FunctionScope, FunctionSignature, Slot } from './scope.js';
import { clip, oneOf } from './shown.js';
import { readStep } from './step.js';
import type { Step } from './step.js';
import { Trial } from './surroundings.js';
import type { Read, Surroundings } from './surroundings.js';
import { weightOf } from './work.js';
import type { Work } from './work.js';

/** Checks the calls of functions, and evaluates them as far as what they need is known. */
export class FunctionCalls {
  private readonly graph = new GraphFunctions((slot, call) => this.valueOf(slot, call));
  private readonly slots = new Map<Slot, Result>();
  /** Those being read, outermost first. */
  private readonly reading: Slot[] = [];
  private readonly circular = new Set<Slot>();
  /** Calls so far whose result depends on where they stand. */
  queries = 0;

  constructor(
    private readonly read: Read,
    private readonly patterns: Patterns,
    private readonly work: Work,
  ) {}

  run(written: WrittenCall, at: Surroundings): Result {
    const call = new EvaluatedCall(written, at, this.read, this.patterns);
    if (written.old) {
      call.add(written.place, {
        code: 'FUNCTION_UNKNOWN',
        severity: 'warning',
        message: `${written.name} is a function of 1.x: read as $${written.bare}`,
        expected: `$${written.bare}`,
      });
    }
    if (written.bare === 'value') return this.value(call, at);
    if (GRAPH_FUNCTIONS.has(written.bare)) {
      this.queries += 1;
      return this.handOut(this.graph.run(written.bare, call, at.scope));
    }
    const definition = at.scope.functions?.get(written.bare);
    if (definition !== undefined) {
      this.queries += 1;
      return this.custom(definition, call, at);
    }
    const pure = PURE_FUNCTIONS.get(written.bare);
    if (pure === undefined) return this.unknown(written, call, at.scope);
    if (call.args.length >= pure.least && call.args.length <= pure.most) return pure.run(call);
    this.arity(call, pure.least, pure.most);
    return UNKNOWN;
  }

  /** A value that is used in several places counts in each: used again and again, a few can stand for billions. */
  private handOut(result: Result): Result {
    return this.work.spend(weightOf(result.value, this.work.left))
      ? result
      : { value: UNRESOLVED, schema: result.schema };
  }

  private value(call: Call, at: Surroundings): Result {
    if (at.subject === undefined) {
      call.add(call.place, {
        code: 'FUNCTION_INVALID',
        message: 'There is no value here that $value could stand for',
        expected: '$value inside of a validation',
      });
      return UNKNOWN;
    }
    const steps: Step[] = [];
    for (const [index, node] of call.args.entries()) {
      const step = readStep(node, call.isCall(index));
      if (step === undefined) return UNKNOWN;
      steps.push(step);
    }
    return descend(at.subject, steps, call);
  }

  /** The value of a property or input: read once, silently, since what is wrong with it is reported where it is. */
  private valueOf(slot: Slot, call: Call): Result {
    let result = this.slots.get(slot);
    const start = this.reading.indexOf(slot);
    if (start >= 0) {
      for (const circular of this.reading.slice(start)) this.circular.add(circular);
    } else if (result === undefined && slot.node !== undefined) {
      this.reading.push(slot);
      const { value, schema } = this.read(slot.node, slot.schema, {
        scope: slot.scope,
        report: undefined,
        nested: false,
      });
      this.reading.pop();
      result = { value, schema: slot.schema ?? schema };
      this.slots.set(slot, result);
    }
    if (this.circular.has(slot)) {
      call.add(call.place, {
        code: 'FUNCTION_INVALID',
        message: `What ${call.name} asks for needs its own value`,
        expected: 'a value that does not lead back to itself',
      });
    }
    return result ?? { value: UNRESOLVED, schema: slot.schema };
  }

  private custom({ name, signatures }: FunctionDefinition, call: Call, at: Surroundings): Result {
    const [only] = signatures;
    if (only === undefined) return this.readAll(call);
    if (signatures.length === 1) {
      if (!takes(only, call.args.length)) {
        const { least, most } = arityOf(only);
        this.arity(call, least, most);
      } else this.readArguments(only, call, at);
      return { value: UNRESOLVED, schema: only.result };
    }
    for (const signature of signatures) {
      const trial = new Trial();
      if (!takes(signature, call.args.length)) continue;
      this.readArguments(signature, call, { ...at, report: trial });
      if (trial.problems === 0) return { value: UNRESOLVED, schema: signature.result };
    }
    call.add(call.place, {
      code: 'FUNCTION_INVALID',
      message: `No signature of ${clip(name)} takes these arguments`,
      expected: signatures.map(shownSignature).join(' or '),
    });
    return UNKNOWN;
  }

  private readArguments(signature: FunctionSignature, call: Call, at: Surroundings): void {
    const schemas = [...signature.arguments, ...signature.optionalArguments];
    for (const [index, node] of call.args.entries()) {
      this.read(node, schemas[index] ?? schemas.at(-1), { ...at, nested: false });
    }
  }

  private readAll(call: Call): Result {
    for (const index of call.args.keys()) call.read(index);
    return UNKNOWN;
  }

  private arity(call: Call, least: number, most: number): void {
    const count = call.args.length;
    const expected =
      most === least ? `${least}` : most === Infinity ? `${least} or more` : `${least} to ${most}`;
    call.add(call.place, {
      code: 'FUNCTION_INVALID',
      message: `${call.name} is given ${count} ${count === 1 ? 'argument' : 'arguments'}`,
      expected: `${expected} ${expected === '1' ? 'argument' : 'arguments'}`,
    });
    this.readAll(call);
  }

  /** A file may call what it does not define, and leave it to the orchestrator; what looks like a slip is refused. */
  private unknown(written: WrittenCall, call: Call, scope: FunctionScope): Result {
    const dollar = written.name.startsWith('$') ? '$' : '';
    const names =
      dollar === ''
        ? OLD_NAMES
        : [...PURE_FUNCTIONS.keys(), ...GRAPH_FUNCTIONS, 'value', ...(scope.functions?.keys() ?? [])];
    const nearest = nearestName(written.bare, names);
    if (written.name === '$in_range') {
      call.add(written.place, {
        code: 'FUNCTION_UNKNOWN',
        message: 'in_range is an operator of 1.x, and no function of 2.0',
        expected: '$and: [ $greater_or_equal: [ …, least ], $less_or_equal: [ …, most ] ]',
      });
      return this.readAll(call);
    }
    call.add(written.place, {
      code: 'FUNCTION_UNKNOWN',
      severity: nearest !== undefined && isSlip(written.bare, nearest) ? 'error' : 'warning',
      message: `There is no definition of the function ${clip(written.name)}`,
      expected: scope.functions === undefined ? undefined : oneOf(scope.functions.keys()),
      nearest: nearest === undefined ? undefined : `${dollar}${nearest}`,
    });
    return this.readAll(call);
  }
}

/** One letter more, less or other; not a word of its own. */
function isSlip(name: string, nearest: string): boolean {
  return Math.abs(name.length - nearest.length) <= 1 && name.length > 2;
}

function arityOf({ arguments: mandatory, optionalArguments, variadic }: FunctionSignature): {
  least: number;
  most: number;
} {
  const all = mandatory.length + optionalArguments.length;
  return { least: mandatory.length, most: variadic ? Infinity : all };
}

function takes(signature: FunctionSignature, count: number): boolean {
  const { least, most } = arityOf(signature);
  return count >= least && count <= most;
}

function shownSignature({ arguments: mandatory, optionalArguments, variadic }: FunctionSignature): string {
  const types = [...mandatory, ...optionalArguments].map(({ type }) => type?.name ?? 'a value');
  return `[ ${[...types, ...(variadic ? ['…'] : [])].join(', ')} ]`;
}
