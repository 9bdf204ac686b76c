import { afterAll, expect, test } from '@jest/globals';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findBinaries } from './binaries.js';

const made: string[] = [];
afterAll(() => made.forEach((dir) => rmSync(dir, { recursive: true, force: true })));

function directory(mode: number): string {
  const dir = mkdtempSync(join(tmpdir(), 'uwt-binaries-'));
  made.push(dir);
  chmodSync(dir, mode);
  return dir;
}

function packaged(dir: string): string {
  mkdirSync(join(dir, 'native', 'bin'), { recursive: true });
  writeFileSync(join(dir, 'native', 'bin', 'postgres'), 'a server');
  return join(dir, 'native');
}

test('binaries in a private checkout are copied to where the server may run them, once', async () => {
  const root = packaged(directory(0o700));
  const dir = directory(0o711);
  const { postgres } = await findBinaries(dir, true, root);
  expect(postgres).toBe(join(dir, 'pgsql', 'bin', 'postgres'));
  expect(readFileSync(postgres, 'utf8')).toBe('a server');
  expect(await findBinaries(dir, true, root)).toMatchObject({ postgres });
});

test.each([
  ['everyone may enter', 0o755, true],
  ['this user runs the server itself', 0o700, false],
])('binaries stay where they are when %s', async (_case, mode, asOther) => {
  const root = packaged(directory(mode));
  const { postgres } = await findBinaries(directory(0o711), asOther, root);
  expect(postgres).toBe(join(root, 'bin', 'postgres'));
});
