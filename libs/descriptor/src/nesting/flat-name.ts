import { createHash } from 'node:crypto';
import type { Scope } from './scope.js';

const LONGEST = 63;
const HASH = 8;

/** The name in the whole service of what a scope calls so: `outer_inner`, cut with a hash of all of it where it is long. */
export function flatName({ path }: Scope, name: string): string {
  const whole = [...path, name].join('_');
  if (path.length === 0 || whole.length <= LONGEST) return whole;
  // The separator keeps `a` in `b_c` and `a_b` in `c` apart.
  const hash = createHash('sha256')
    .update([...path, name].join('/'))
    .digest('hex');
  return `${whole.slice(0, LONGEST - HASH - 1)}_${hash.slice(0, HASH)}`;
}
