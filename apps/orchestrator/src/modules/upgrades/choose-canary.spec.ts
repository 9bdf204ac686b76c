import { expect, test } from '@jest/globals';
import { chooseCanary } from './choose-canary.js';

const hosts = ['h3', 'h1', 'h4', 'h2'].map((name) => ({ id: `id-${name}`, name }));

test.each([
  [{ percent: 1 }, ['id-h1']],
  [{ percent: 25 }, ['id-h1']],
  [{ percent: 26 }, ['id-h1', 'id-h2']],
  [{ percent: 100 }, ['id-h1', 'id-h2', 'id-h3', 'id-h4']],
  [{ hosts: ['id-h4'] }, ['id-h4']],
  [{}, undefined],
])('%j of four hosts', (choice, chosen) => {
  expect(chooseCanary(choice, hosts)).toEqual(chosen);
});
