import { afterAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readHugepages } from './hugepages.js';

describe('huge pages', () => {
  const root = mkdtempSync(join(tmpdir(), 'uwt-hugepages-'));

  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it('are those that are set aside, by size', async () => {
    for (const [name, count] of Object.entries({ '1048576kB': 4, '2048kB': 512, '64kB': 0 })) {
      mkdirSync(join(root, `hugepages-${name}`));
      writeFileSync(join(root, `hugepages-${name}`, 'nr_hugepages'), `${count}\n`);
    }
    expect(await readHugepages(root)).toEqual([
      { pageBytes: 2 * 2 ** 20, count: 512 },
      { pageBytes: 2 ** 30, count: 4 },
    ]);
  });

  it('are none where the kernel knows none', async () => {
    expect(await readHugepages(join(root, 'missing'))).toEqual([]);
  });
});
