import { describe, expect, it } from '@jest/globals';
import { compileExpression } from './regular-expression.js';
import { Work } from './work.js';

function matches(source: string, text: string, whole = true): boolean | string | undefined {
  const compiled = compileExpression(source, whole);
  if ('invalid' in compiled) return 'invalid';
  return 'unknown' in compiled ? 'unknown' : compiled.matches(text, new Work(1e7));
}

const TEXTS = [
  '',
  'a',
  'b',
  'ab',
  'aab',
  'abab',
  'a-b',
  'a1-b2-c3',
  '192.168.0.1',
  '256.1.1.1',
  'A B',
  'x\ny',
  '\u{1f600}',
  'aaaa',
  'foo_bar',
  'tcp',
  'udp',
  '0xFF',
  ']',
  'a]b',
  '{1}',
];

describe('regular expressions', () => {
  it.each([
    'a*',
    'a+b?',
    '(ab)+',
    '(?:a|ab)(?:b|)',
    '[a-z0-9]+(-[a-z0-9]+)*',
    '((25[0-5]|2[0-4]\\d|1\\d\\d|[1-9]?\\d)(\\.|$)){4}',
    '(a+)+',
    '(a|a)*b?',
    '[^a]+',
    '\\w+\\s\\w+',
    '.',
    '.*',
    'x.y',
    'a{2}',
    'a{2,}',
    'a{1,3}b',
    'a{0}',
    '\\bfoo_bar\\b',
    'foo\\B_bar',
    '^tcp$|^udp$',
    '(?<name>t)cp',
    '0[xX][\\da-fA-F]{1,2}',
    '[\\]]',
    'a[\\]x-z]b',
    '\\u{1f600}',
    '[\\u{1f600}-\\u{1f64f}]',
    '\\{1\\}',
    '\\p{Lu}\\s\\p{Lu}',
    '(a?){10}',
    '(){9999}a',
    '(()()|a){0,9}',
    '(|a)+',
    '\\x61',
    'a*?b',
  ])('%s is what JavaScript takes it for', (source) => {
    for (const text of TEXTS) {
      expect([text, matches(source, text)]).toEqual([text, new RegExp(`^(?:${source})$`, 'u').test(text)]);
      expect([text, matches(source, text, false)]).toEqual([text, new RegExp(source, 'u').test(text)]);
    }
  });

  it.each<[string, string, boolean | string]>([
    ['[[:alpha:]]+', 'abc', true],
    ['[[:alpha:]_]+', 'a1', false],
    ['(?P<first>a)b', 'ab', true],
    ['(?i)TCP', 'tcp', true],
    ['\\Aab\\Z', 'ab', true],
    ['[]a]+', ']a', true],
    ['a++b', 'aab', true],
    ['x{a}', 'x{a}', true],
    ['{', '{', true],
    ['\\-\\_', '-_', true],
  ])('%s of another dialect', (source, text, expected) => {
    expect(matches(source, text)).toBe(expected);
  });

  it.each(['(a', 'a)', '[a', '*a', 'a|*', 'a{2,1}', '\\', '[z-a]', '(?<n', '\\xZZ', '^*'])(
    '%s is none',
    (source) => {
      expect(matches(source, '')).toBe('invalid');
    },
  );

  it.each([
    '(a)\\1',
    '(?=a)',
    '(?!a)',
    '(?<=a)b',
    '(?P=n)',
    '(?x)a',
    '((((a{999}){999}){999}){999})',
    '(((){9999}){9999}){9999}',
    '(a(){999}){999}',
    '\\k<n>',
  ])('%s is left alone', (source) => {
    expect(matches(source, '')).toBe('unknown');
  });

  it('stops where it may do no more', () => {
    const compiled = compileExpression('(a|a|a)*', true);
    expect('matches' in compiled && compiled.matches('a'.repeat(1000), new Work(100))).toBeUndefined();
  });

  it.each<[string, string, string]>([
    ['ways that take no character', `(${'|'.repeat(2000)})*a*b`, 'a'.repeat(900_000)],
    ['a set of many ranges', `([${'b-c'.repeat(600)}]|a)*d`, 'a'.repeat(900_000)],
    ['a text that is long before it is looked at', 'b', 'a'.repeat(4_000_000)],
  ])('counts what it does: %s', (_what, source, text) => {
    const compiled = compileExpression(source, true);
    const work = new Work(3_000_000);
    const start = performance.now();
    expect('matches' in compiled && compiled.matches(text, work)).toBeUndefined();
    expect(work.isSpent).toBe(true);
    expect(performance.now() - start).toBeLessThan(2000);
  });

  it('is quick where a matcher that goes back is not', () => {
    const start = performance.now();
    expect(matches('(a+)+b', 'a'.repeat(10_000))).toBe(false);
    expect(matches('(a|aa|aaa)*(a|b)*c', 'ab'.repeat(5000))).toBe(false);
    expect(matches('(x+x+)+y', 'x'.repeat(10_000), false)).toBe(false);
    expect(performance.now() - start).toBeLessThan(5000);
  });
});
