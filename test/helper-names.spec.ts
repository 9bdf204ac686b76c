import { readFileSync } from 'node:fs';
import { expect, it } from '@jest/globals';

/** libs/libbpf is published by itself, and libs/plugin must not need the addon: each has the table, and both must agree. */
it('the addon and the ELF analysis know the same helper functions', () => {
  const [addon, analysis] = ['libbpf', 'plugin'].map((lib) => {
    const text = readFileSync(new URL(`../libs/${lib}/src/helper-names.ts`, import.meta.url), 'utf8');
    return [...text.matchAll(/^ {2}'(\w+)',$/gm)].map(([, name]) => name);
  });
  expect(addon?.length).toBeGreaterThan(200);
  expect(addon).toEqual(analysis);
});
