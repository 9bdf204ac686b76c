import { describe, expect, it } from '@jest/globals';
import { paintFor, printable, printJson } from './terminal.js';

describe('text that is printed', () => {
  it.each([
    ['lines and tabs', 'a\tb\nc\r\nä \u{1F600}', 'a\tb\nc\r\nä \u{1F600}'],
    [
      'what wipes the screen and sets its title',
      '\u001B[2J\u001B]0;x\u0007y',
      '\\u001b[2J\\u001b]0;x\\u0007y',
    ],
    ['a line that writes over itself', 'good\rbad', 'good\\u000dbad'],
    ['control characters of one byte more', '\u009B2J', '\\u009b2J'],
    ['what turns the direction of text', 'a\u202Eb', 'a\\u202eb'],
    ['a style that is not ours', '\u001B[8mhidden', '\\u001b[8mhidden'],
  ])('%s', (_case, text, shown) => {
    expect(printable(text)).toBe(shown);
  });

  it('keeps its own styles', () => {
    const painted = paintFor({ color: true })('red', 'x');
    expect(printable(painted)).toBe(painted);
  });

  it('stays JSON where it is', () => {
    let out = '';
    const value = { name: '\u009B\u001B[2J\u202E' };
    const write = (text: string): void => void (out += printable(text));
    printJson(
      { out: write, err: write, clear: () => undefined, json: true, interactive: false, color: false },
      value,
    );
    expect(JSON.parse(out)).toEqual(value);
    expect(out).toMatch(/^[\n\x20-\x7E]*$/);
  });
});
