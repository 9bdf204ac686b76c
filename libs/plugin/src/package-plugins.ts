import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rename, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { generateKeyPair, loadSigner } from './keys.js';
import { packageError } from './package-error.js';
import { buildPackage } from './package.js';
import { parseManifest } from './parse-manifest.js';

export interface PackagedPlugin {
  name: string;
  version: string;
  digest: string;
  file: string;
}

/**
 * Packages every `<plugins>/<x>/plugin.yaml` with `<objects>/<name>.bpf.o` into `<out>/<name>-<version>.uwp`. A key file
 * that does not exist is made, with `<key>.pub` beside it.
 */
export async function packagePlugins(from: {
  objects: string;
  plugins: string;
  key: string;
  out: string;
}): Promise<PackagedPlugin[]> {
  if (!existsSync(from.key)) await generateKeyPair(from.key);
  const signer = await loadSigner(from.key);
  await mkdir(from.out, { recursive: true });
  const packaged: PackagedPlugin[] = [];
  for (const folder of (await readdir(from.plugins)).sort()) {
    const source = join(from.plugins, folder, 'plugin.yaml');
    if (!existsSync(source)) continue;
    const manifest = parseManifest({ file: source, text: await readFile(source, 'utf8') });
    const { name, version } = manifest;
    const object = join(from.objects, `${name}.bpf.o`);
    if (!existsSync(object))
      throw packageError('PACKAGE_MALFORMED', source, `its object ${object} is not there`, {
        remedy: 'Build the objects first',
      });
    const { bytes, digest } = buildPackage(manifest, await readFile(object), signer);
    const file = join(from.out, `${name}-${version}.uwp`);
    await writeFile(`${file}.part`, bytes);
    await rename(`${file}.part`, file);
    packaged.push({ name, version, digest, file });
  }
  return packaged;
}
