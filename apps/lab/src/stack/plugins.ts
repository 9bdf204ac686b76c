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

/**
 * Gives the orchestrator the packages that it does not have yet. Where it has another of the same name and version, e.g. of
 * before a rebuild, that one stays; given back is a sentence on each.
 */
export async function onboardPackages(
  client: Pick<UnderwareClient, 'plugins' | 'onboardPlugin'>,
  built: Pick<TrustedPackages, 'packages'>,
): Promise<string[]> {
  const known = await client.plugins();
  const kept: string[] = [];
  for (const { name, version, digest, file } of built.packages) {
    if (known.some((plugin) => plugin.digest === digest)) continue;
    if (known.some((plugin) => plugin.name === name && plugin.version === version)) {
      kept.push(
        `plugin ${name}@${version} was built anew, and the one that was onboarded before stays: give it a new version in ` +
          `its plugin.yaml, or run ./underware plugins remove ${name}@${version} and up again, or ./underware clean`,
      );
    } else await client.onboardPlugin(await readFile(file));
  }
  return kept;
}
