import { stopEmbeddedPostgres } from '@underware/embedded';
import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { LabLayout } from './layout.js';

/** A socket's path must fit the kernel's 108 bytes. */
const LONGEST = 80;

/**
 * Where the embedded Postgres lives: with the other data; but below `/var/lib` when the checkout lies deep, or where other users
 * may not go (`/root`), since Postgres refuses to run as root.
 */
export async function databaseDirectory(layout: LabLayout): Promise<string> {
  const beside = join(layout.data, 'postgres');
  return beside.length <= LONGEST && (await isReachable(dirname(layout.data))) ? beside : fallbackOf(layout);
}

/** Stops the server wherever it is. */
export async function stopDatabase(layout: LabLayout): Promise<void> {
  for (const dir of databaseDirectories(layout)) await stopEmbeddedPostgres({ dir });
}

/** Every place that `databaseDirectory` may have chosen. */
export function databaseDirectories(layout: LabLayout): string[] {
  return [join(layout.data, 'postgres'), fallbackOf(layout)];
}

function fallbackOf(layout: LabLayout): string {
  const name = createHash('sha256').update(layout.data).digest('hex').slice(0, 12);
  return join('/var/lib/underware', name, 'postgres');
}

/** Whether everybody may enter every directory up to the root; those that are still to be made may. */
async function isReachable(path: string): Promise<boolean> {
  const mode = await stat(path).then(
    (found) => found.mode,
    () => 0o001,
  );
  if ((mode & 0o001) === 0) return false;
  return path === dirname(path) || isReachable(dirname(path));
}
