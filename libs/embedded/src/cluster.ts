import { UnderwareError } from '@underware/core';
import { randomBytes } from 'node:crypto';
import { chmod, chown, mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Accounts } from './account.js';
import { isReachable } from './binaries.js';
import type { Binaries } from './binaries.js';
import { run } from './run.js';

/** Where things are in the directory of one embedded Postgres. */
export interface Layout {
  dir: string;
  data: string;
  /** Holds the server's UNIX socket; a path, so that it is reached from every network namespace. */
  sockets: string;
  log: string;
  passwords: string;
}

export interface Passwords {
  underware: string;
  underware_queue: string;
}

export function layoutOf(dir: string): Layout {
  return {
    dir,
    data: join(dir, 'data'),
    sockets: join(dir, 'run'),
    log: join(dir, 'postgres.log'),
    passwords: join(dir, 'passwords.json'),
  };
}

/** A socket's path must fit the kernel's 108 bytes with `/.s.PGSQL.5432` at its end. */
const MAX_SOCKET_DIR = 90;

/** Makes the directories, and the database cluster when there is none. Interrupted at any point, it starts over. */
export async function prepareCluster(
  layout: Layout,
  binaries: Binaries,
  accounts: Accounts | undefined,
): Promise<Passwords> {
  const known = await readPasswords(layout);
  if (known && (await exists(layout.data))) return known;

  const unfinished = `${layout.data}.new`;
  await rm(unfinished, { recursive: true, force: true });
  await mkdir(unfinished, { mode: 0o700 });
  if (accounts) await chown(unfinished, accounts.initdb.uid, accounts.initdb.gid);
  // The superuser gets no password and is only used by the single-user run below: nobody can log in as it.
  const flags = ['--username=postgres', '--encoding=UTF8', '--locale=C', '--no-sync', '--auth=trust'];
  await run(binaries.initdb, [`--pgdata=${unfinished}`, ...flags], {
    account: accounts?.initdb,
    cwd: layout.dir,
    attempted: 'initialise the embedded Postgres',
  });
  await writeFile(join(unfinished, 'pg_hba.conf'), 'local all all scram-sha-256\n');
  const passwords: Passwords = { underware: newPassword(), underware_queue: newPassword() };
  await run(binaries.postgres, ['--single', '-D', unfinished, 'postgres'], {
    account: accounts?.initdb,
    cwd: layout.dir,
    input: rolesAndDatabases(passwords),
    attempted: 'create the roles of the embedded Postgres',
  });
  if (accounts) await chownTree(unfinished, accounts.server.uid, accounts.server.gid);
  await writeFile(layout.passwords, JSON.stringify(passwords), { mode: 0o600 });
  await rename(unfinished, layout.data);
  return passwords;
}

/** The directories around the cluster. Each may be entered, none but the sockets' may be written, by the server. */
export async function prepareDirectories(layout: Layout, accounts: Accounts | undefined): Promise<void> {
  if (layout.sockets.length > MAX_SOCKET_DIR) {
    throw unusable(
      layout.dir,
      `its path is longer than ${MAX_SOCKET_DIR} characters`,
      'Choose a shorter path',
    );
  }
  await mkdir(layout.dir, { recursive: true, mode: 0o711 });
  await chmod(layout.dir, 0o711);
  if (accounts && !(await isReachable(layout.dir))) {
    throw unusable(
      layout.dir,
      'a directory above it may not be entered by other users, and Postgres does not run as root',
      'Choose a directory below /run, /var/lib or /tmp',
    );
  }
  await mkdir(layout.sockets, { recursive: true, mode: 0o711 });
  if (accounts) await chown(layout.sockets, accounts.server.uid, accounts.server.gid);
}

/** One statement a line, as the single-user mode wants. The queue's role cannot even connect to the truth. */
function rolesAndDatabases(passwords: Passwords): string {
  return [
    `CREATE ROLE underware LOGIN PASSWORD '${passwords.underware}'`,
    // It makes a role for each host.
    `CREATE ROLE underware_queue LOGIN CREATEROLE PASSWORD '${passwords.underware_queue}'`,
    'CREATE DATABASE underware OWNER underware',
    'CREATE DATABASE underware_queue OWNER underware_queue',
    'REVOKE ALL ON DATABASE underware, underware_queue, postgres, template1 FROM PUBLIC',
    '',
  ].join('\n');
}

function newPassword(): string {
  return randomBytes(24).toString('hex');
}

async function readPasswords(layout: Layout): Promise<Passwords | undefined> {
  const text = await readFile(layout.passwords, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const parsed: unknown = JSON.parse(text);
  if (
    typeof parsed === 'object' &&
    parsed !== null &&
    'underware' in parsed &&
    'underware_queue' in parsed &&
    typeof parsed.underware === 'string' &&
    typeof parsed.underware_queue === 'string'
  ) {
    return { underware: parsed.underware, underware_queue: parsed.underware_queue };
  }
  throw unusable(
    layout.passwords,
    'it does not hold the two passwords',
    'Restore it, or delete the whole directory',
  );
}

async function chownTree(path: string, uid: number, gid: number): Promise<void> {
  await chown(path, uid, gid);
  const entries = await readdir(path, { withFileTypes: true });
  for (const entry of entries) {
    const child = join(path, entry.name);
    if (entry.isDirectory()) await chownTree(child, uid, gid);
    else if (entry.isFile()) await chown(child, uid, gid);
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}

function unusable(on: string, why: string, remedy: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'use as directory of the embedded Postgres',
    on,
    why,
    remedy,
  });
}
