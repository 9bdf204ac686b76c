import { ARITHMETIC_FUNCTIONS } from './arithmetic-functions.js';
import { BOOLEAN_FUNCTIONS } from './boolean-functions.js';
import type { PureFunction } from './pure-function.js';
import { TEXT_FUNCTIONS } from './text-functions.js';

/** The functions of 2.0 that query no graph; of 1.x, `concat`, `join` and `token`. */
export const PURE_FUNCTIONS: ReadonlyMap<string, PureFunction> = new Map([
  ...BOOLEAN_FUNCTIONS,
  ...TEXT_FUNCTIONS,
  ...ARITHMETIC_FUNCTIONS,
]);
