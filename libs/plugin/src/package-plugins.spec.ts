import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compile } from './fixture.spec-support.js';
import { loadTrustedKeys } from './keys.js';
import { openPackage } from './package.js';
import { packagePlugins } from './package-plugins.js';

const YAML = `name: uwt-pass
version: 1.2.3
summary: Passes
license: Apache-2.0
implements: probe
order: observe
programs: [{ name: pass, hook: xdp }]
maps: {}
`;

let directory: string;
beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-plugins-'));
  for (const folder of ['plugins/pass', 'plugins/include', 'objects'])
    await mkdir(join(directory, folder), { recursive: true });
  await writeFile(join(directory, 'plugins/pass/plugin.yaml'), YAML);
});
afterAll(() => rm(directory, { recursive: true, force: true }));

it('packages every folder with a manifest, with a key it makes once', async () => {
  const [objects, plugins, out, key] = ['objects', 'plugins', 'out', 'signer'].map((name) =>
    join(directory, name),
  );
  if (!objects || !plugins || !out || !key) throw new Error('no folders');
  const from = { objects, plugins, out, key };
  await expect(packagePlugins(from)).rejects.toMatchObject({ code: 'PACKAGE_MALFORMED' });

  await writeFile(
    join(objects, 'uwt-pass.bpf.o'),
    compile('SEC("xdp") int pass(void *ctx) { return XDP_PASS; }'),
  );
  const first = await packagePlugins(from);
  expect((await stat(key)).mode & 0o777).toBe(0o600);
  expect(await readdir(out)).toEqual(['uwt-pass-1.2.3.uwp']);
  const bytes = await readFile(join(out, 'uwt-pass-1.2.3.uwp'));
  const opened = openPackage(bytes, await loadTrustedKeys(directory));
  expect(first).toEqual([
    { name: 'uwt-pass', version: '1.2.3', digest: opened.digest, file: join(out, 'uwt-pass-1.2.3.uwp') },
  ]);

  expect(await packagePlugins(from)).toEqual(first);
  expect((await readFile(join(out, 'uwt-pass-1.2.3.uwp'))).equals(bytes)).toBe(true);
});
