import { expect, it } from '@jest/globals';
import { collectInput, collectLabel } from './inputs.js';

it.each<[string, unknown]>([
  ['2', 2],
  ['0.5', 0.5],
  ['true', true],
  ['[1]', [1]],
  ['1.10', '1.10'],
  ['1e3', '1e3'],
  ['12345678901234567890', '12345678901234567890'],
  ['text', 'text'],
])('reads the input %s and loses nothing of it', (text, value) => {
  expect(collectInput(`x=${text}`, {})).toEqual({ x: value });
  expect(collectLabel(`x=${text}`, {})).toEqual({ x: text });
});
