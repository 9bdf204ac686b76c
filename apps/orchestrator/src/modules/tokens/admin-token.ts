import { UnderwareError } from '@underware/core';
import type { Truth } from '@underware/store';
import { randomBytes, randomUUID } from 'node:crypto';
import { chmod, link, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { tokenHash } from '../../http/authenticate.js';

const TOKEN = /^[A-Za-z0-9._~+/-]{32,512}$/;

/** Makes the file the admin's token is in, when there is none, and lets that token in. Gives back the file's path. */
export async function admitAdmin(truth: Truth, stateDir: string): Promise<string> {
  const file = join(stateDir, 'admin.token');
  await mkdir(stateDir, { recursive: true });
  await createToken(file);
  await chmod(file, 0o600);
  const token = (await readFile(file, 'utf8')).trim();
  if (!TOKEN.test(token)) {
    throw new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: 'read the admin token',
      on: file,
      why: 'it does not hold one line of 32 to 512 letters, digits and ._~+/-',
      remedy: 'Delete it: a new one is made at the next start',
    });
  }
  await truth.tokens.put({ id: randomUUID(), name: 'admin', hash: tokenHash(token), createdAt: new Date() });
  return file;
}

/** Whole or not at all, also when several processes start at once: written aside, then linked if still absent. */
async function createToken(file: string): Promise<void> {
  const aside = `${file}.${randomUUID()}`;
  await writeFile(aside, `${randomBytes(32).toString('base64url')}\n`, { mode: 0o600 });
  try {
    await link(aside, file);
  } catch (error) {
    if (!(typeof error === 'object' && error !== null && 'code' in error && error.code === 'EEXIST'))
      throw error;
  } finally {
    await rm(aside);
  }
}
