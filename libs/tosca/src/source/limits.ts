import type { Note } from '../finding.js';

/** Levels of nesting, those that aliases bring in included. */
export const DEEPEST = 100;

/** More values than this after aliases are expanded are refused: a text of a page can stand for billions. */
export const MOST_VALUES = 1_000_000;
/** A text counts as one value more for each of so many characters. */
export const LONG_TEXT = 100;

export const TOO_DEEP: Note = {
  code: 'SOURCE_TOO_DEEP',
  message: 'The text nests deeper than it can be read',
  expected: `at most ${DEEPEST} levels`,
};

export const TOO_MANY_VALUES: Note = {
  code: 'SOURCE_TOO_LARGE',
  message: 'The file stands for too many values, or too much text, after its aliases are expanded',
  expected: `at most ${MOST_VALUES} values, ${LONG_TEXT} characters of a long text counting as one`,
};
