import { expect, it } from '@jest/globals';
import { standingAfter, type Standing } from './standing.js';

const settings = { rise: 2, fall: 3 };

/** States after checks that succeeded (`+`) or failed (`-`). */
function states(from: Standing['state'], checks: string): string[] {
  let standing: Standing = { state: from, streak: 0 };
  return [...checks].map((each) => (standing = standingAfter(standing, each === '+', settings)).state);
}

it.each<[Standing['state'], string, string]>([
  ['unknown', '+', 'up'],
  ['unknown', '---', 'unknown unknown down'],
  ['unknown', '-+', 'unknown up'],
  ['up', '--+--', 'up up up up up'],
  ['up', '---', 'up up down'],
  ['down', '++', 'down up'],
  ['down', '+-+-+-', 'down down down down down down'],
  ['down', '--++---', 'down down down up up up down'],
])('takes one that is %s by %s to %s', (from, checks, wanted) => {
  expect(states(from, checks).join(' ')).toBe(wanted);
});
