import { describe, expect, it } from '@jest/globals';
import { badText } from './refuse-bad-text.js';

/** As the body parser gives it. */
const nested = (depth: number): unknown => JSON.parse(`${'['.repeat(depth)}${']'.repeat(depth)}`);

describe('what a body may not have', () => {
  it.each<[string, unknown, string | undefined]>([
    ['text', { a: ['é', '\u{1F600}', 'line\nline', 1, null, true] }, undefined],
    ['bytes', Buffer.from([0, 0]), undefined],
    ['no body', undefined, undefined],
    ['U+0000', { a: { b: ['x', '\u0000'] } }, 'a.b.1 has the character U+0000'],
    ['U+0000 in a name', { '\u0000': 1 }, 'in the body the name "\\u0000" has the character U+0000'],
    ['half of a pair', { a: 'x\uD800' }, 'a has half of a surrogate pair'],
    ['a hundred levels', nested(100), undefined],
    ['more', nested(101), 'it is nested deeper than 100'],
    ['far more', nested(5_000), 'it is nested deeper than 100'],
    ['a name that is lost', JSON.parse('{"a":{"__proto__":1}}'), 'in a the name "__proto__" cannot be kept'],
  ])('%s', (_case, body, why) => {
    expect(badText(body)).toBe(why);
  });
});
