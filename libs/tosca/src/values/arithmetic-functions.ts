import type { Schema } from '../model/schema.js';
import { UNRESOLVED } from '../source/source-node.js';
import { argument, kindOf, resultOf, UNKNOWN } from './call.js';
import type { Call, Result } from './call.js';
import { primitiveSchema } from './primitive-schema.js';
import { checkSameKind, NUMBERS, QUANTITIES, SCALARS } from './pure-function.js';
import type { PureFunction } from './pure-function.js';
import type { Value } from './scope.js';

/** Functions of integers, floats and scalars with a unit. */
export const ARITHMETIC_FUNCTIONS: readonly (readonly [string, PureFunction])[] = [
  ['sum', { least: 1, most: Infinity, run: (call) => runSame(call, (a, b) => a + b) }],
  ['difference', { least: 2, most: 2, run: (call) => runSame(call, (a, b) => a - b) }],
  ['product', { least: 1, most: Infinity, run: runProduct }],
  ['quotient', { least: 2, most: 2, run: runQuotient }],
  ['remainder', { least: 2, most: 2, run: runRemainder }],
  // A half goes down: 3.5 is 3.
  ['round', rounding((value) => Math.ceil(value - 0.5))],
  ['floor', rounding(Math.floor)],
  ['ceil', rounding(Math.ceil)],
];

/** Operands and result of the same type. */
function runSame(call: Call, combine: (a: number, b: number) => number): Result {
  const typed = call.args.findIndex((_, index) => call.isCall(index));
  const wanted = typed < 0 ? undefined : call.read(typed).schema;
  const results = call.args.map((_, index) => argument(call, index, QUANTITIES, wanted));
  const [first, ...rest] = results;
  for (const other of rest) if (first !== undefined) checkSameKind(call, first, other);
  const schema = widest(results);
  const numbers = results.map(({ value }) => value);
  if (!numbers.every((value) => typeof value === 'number')) return { value: UNRESOLVED, schema };
  return { value: numbers.slice(1).reduce(combine, numbers[0] ?? 0), schema };
}

/** Of integers and floats, float; of scalars, theirs. */
function widest(results: readonly Result[]): Schema | undefined {
  if (results.some((result) => kindOf(result) === undefined)) return undefined;
  const scalar = results.find((result) => SCALARS.includes(kindOf(result) ?? 'float'));
  if (scalar !== undefined) return scalar.schema;
  return primitiveSchema(results.every((result) => kindOf(result) === 'integer') ? 'integer' : 'float');
}

function runProduct(call: Call): Result {
  const results = call.args.map((_, index) => argument(call, index, index === 0 ? QUANTITIES : NUMBERS));
  const schema = widest(results);
  const numbers = results.map(({ value }) => value);
  if (!numbers.every((value) => typeof value === 'number')) return { value: UNRESOLVED, schema };
  return { value: numbers.reduce((a, b) => a * b, 1), schema };
}

function runQuotient(call: Call): Result {
  const dividend = argument(call, 0, QUANTITIES);
  const { value: divisor } = argument(call, 1, NUMBERS);
  if (divisor === 0) return divisionByZero(call);
  const kind = kindOf(dividend);
  const schema =
    kind === undefined ? undefined : NUMBERS.includes(kind) ? primitiveSchema('float') : dividend.schema;
  return { value: divide(dividend.value, divisor, (a, b) => a / b), schema };
}

function runRemainder(call: Call): Result {
  const dividend = argument(call, 0, ['integer', ...SCALARS]);
  const { value: divisor } = argument(call, 1, ['integer'], primitiveSchema('integer'));
  if (divisor === 0) return divisionByZero(call);
  return { value: divide(dividend.value, divisor, (a, b) => a % b), schema: dividend.schema };
}

function divide(dividend: Value, divisor: Value, by: (a: number, b: number) => number): Value {
  return typeof dividend === 'number' && typeof divisor === 'number' ? by(dividend, divisor) : UNRESOLVED;
}

function divisionByZero(call: Call): Result {
  call.add(call.args[1]?.place ?? call.place, {
    code: 'FUNCTION_INVALID',
    message: `${call.name} divides by zero`,
  });
  return UNKNOWN;
}

function rounding(round: (value: number) => number): PureFunction {
  return {
    least: 1,
    most: 1,
    run: (call) => {
      const { value } = argument(call, 0, NUMBERS);
      return resultOf('integer', typeof value === 'number' ? round(value) : undefined);
    },
  };
}
