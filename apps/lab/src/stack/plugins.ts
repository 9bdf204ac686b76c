import type { UnderwareClient } from '@underware/client';
import { packagePlugins } from '@underware/plugin';
import { copyFile, mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from './layout.js';
import type { LabLayout } from './layout.js';

export interface TrustedPackages {
  /** Directory of the public keys that orchestrator and agents trust. */
  trustedKeys: string;
  packages: { name: string; version: string; digest: string; file: string }[];
}

/** Packages the repository's plugins, signed with a key of this lab's own that is made on the first run. */
export async function buildTrustedPackages(layout: LabLayout): Promise<TrustedPackages> {
  const keys = join(layout.data, 'keys');
  const trustedKeys = join(keys, 'trusted');
  await mkdir(trustedKeys, { recursive: true });
  const key = join(keys, 'plugins.key');
  const packages = await packagePlugins({
    objects: join(REPOSITORY, 'bpf/build'),
    plugins: join(REPOSITORY, 'bpf'),
    key,
    out: join(layout.data, 'packages'),
  });
  await copyFile(`${key}.pub`, join(trustedKeys, 'plugins.pub'));
  return { trustedKeys, packages };
}

/** Gives the orchestrator the packages that it does not have yet. */
export async function onboardPackages(client: UnderwareClient, built: TrustedPackages): Promise<void> {
  const known = new Set((await client.plugins()).map(({ digest }) => digest));
  for (const { digest, file } of built.packages) {
    if (!known.has(digest)) await client.onboardPlugin(await readFile(file));
  }
}
