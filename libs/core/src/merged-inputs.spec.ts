import { expect, it } from '@jest/globals';
import { mergedInputs } from './merged-inputs.js';

it('keeps what is not named, and takes away what is null', () => {
  const had = { image: 'a', replicas: 2, debug: true };
  expect(mergedInputs(had)).toEqual(had);
  expect(mergedInputs(had, { replicas: 0, debug: null, none: null })).toEqual({ image: 'a', replicas: 0 });
});
