import { expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { documentText } from './document-text.js';

test('openapi.json is the document of the API as it is', async () => {
  const kept = readFileSync(new URL('../../openapi.json', import.meta.url), 'utf8');
  // By value: how the file is laid out is the formatter's to say.
  expect(JSON.parse(kept)).toEqual(JSON.parse(await documentText()));
});
