import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readSingleDescriptor } from './single-descriptor.js';

const examples = new URL('../../../examples/', import.meta.url).pathname;

describe('a descriptor for an orchestrator', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'uwt-single-'));
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  it('is the text of one file', async () => {
    const file = join(examples, 'single-probe.yaml');
    await expect(readSingleDescriptor(file, {})).resolves.toBe(await readFile(file, 'utf8'));
  });

  it('is refused with the names of the files that it imports', async () => {
    const file = join(examples, 'nested-three-sites.yaml');
    await expect(readSingleDescriptor(file, {})).rejects.toMatchObject({
      report: {
        code: 'INPUT_INVALID',
        why: expect.stringMatching(/imports .*three-sites\/types\.yaml, .*three-sites\/site\.yaml/),
      },
    });
  });

  it('is refused with what is wrong in it first', async () => {
    const file = join(folder, 'broken.yaml');
    await writeFile(file, 'tosca_definitions_version: tosca_2_0\nimports: [none.yaml]\n');
    await expect(readSingleDescriptor(file, {})).rejects.toMatchObject({
      report: {
        code: 'DESCRIPTOR_INVALID',
        detail: expect.stringContaining(`broken.yaml:2:11: error IMPORT_MISSING`),
      },
    });
  });
});
