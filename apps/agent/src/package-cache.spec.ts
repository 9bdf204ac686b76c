import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import type { ErrorReport } from '@underware/core';
import { generateKeyPair, packagePlugins } from '@underware/plugin';
import { copyFile, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { fetchPackage } from './fetch-package.js';
import { PackageCache } from './package-cache.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const TOKEN = 'right';

let dir: string;
let server: Server;
let served: Buffer;
let digest: string;
let requests: number;
let audits: ErrorReport[];

beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'uwt-packages-'));
  audits = [];
  requests = 0;
  await mkdir(join(dir, 'keys'));
  const built = await packagePlugins({
    objects: join(ROOT, 'bpf/build'),
    plugins: join(ROOT, 'bpf'),
    key: join(dir, 'signer'),
    out: join(dir, 'built'),
  });
  const [first] = built;
  if (!first) throw new Error('no plugin was packaged');
  digest = first.digest;
  served = await readFile(first.file);
  await copyFile(join(dir, 'signer.pub'), join(dir, 'keys', 'signer.pub'));
  server = createServer((request, response) => {
    requests += 1;
    if (request.headers.authorization !== `Bearer ${TOKEN}`) response.writeHead(401).end();
    else if (request.url !== `/underware/v1/plugins/${encodeURIComponent(digest)}/package`)
      response.writeHead(404).end();
    else response.end(served);
  });
  await new Promise<void>((resolve) => server.listen(join(dir, 'api.sock'), resolve));
});
afterEach(async () => {
  await new Promise((resolve) => server.close(resolve));
  await rm(dir, { recursive: true });
});

function cache(token = TOKEN): PackageCache {
  const api = { socketPath: join(dir, 'api.sock') };
  return new PackageCache(
    dir,
    join(dir, 'keys'),
    (wanted) => fetchPackage(api, token, wanted),
    (error) => audits.push(error),
    async () => new Set([digest]),
    2,
  );
}

const cachedFile = () => join(dir, 'packages', `${digest.slice('sha256:'.length)}.tar`);

describe('PackageCache', () => {
  it('fetches a package once', async () => {
    const packages = cache();
    const { manifest } = await packages.open(digest);
    expect((await packages.open(digest)).manifest).toEqual(manifest);
    expect(requests).toBe(1);
  });

  it('refuses an altered package before anything is kept of it, and tells', async () => {
    const at = served.indexOf('.bpf.o');
    served[at] = (served[at] ?? 0) ^ 1;
    await expect(cache().open(digest)).rejects.toMatchObject({
      code: expect.stringMatching(/^PACKAGE_(ALTERED|MALFORMED)$/),
    });
    expect(audits).toHaveLength(1);
    expect(audits[0]?.on).toContain(digest);
    expect(await readdir(join(dir, 'packages'))).toEqual([]);
  });

  it('refuses a package of a key that is not trusted here, also one from the cache', async () => {
    const packages = cache();
    await packages.open(digest);
    await generateKeyPair(join(dir, 'keys', 'other'));
    await rm(join(dir, 'keys', 'other'));
    await rm(join(dir, 'keys', 'signer.pub'));
    await expect(packages.open(digest)).rejects.toMatchObject({ code: 'PACKAGE_KEY_UNKNOWN' });
    await expect(packages.open(digest)).rejects.toMatchObject({ code: 'PACKAGE_KEY_UNKNOWN' });
    expect(audits.map(({ code }) => code)).toEqual(['PACKAGE_KEY_UNKNOWN']);
  });

  it('refuses another package under the digest', async () => {
    const other = `sha256:${'0'.repeat(64)}`;
    const packages = new PackageCache(
      dir,
      join(dir, 'keys'),
      async () => served,
      (error) => audits.push(error),
      async () => undefined,
    );
    await expect(packages.open(other)).rejects.toMatchObject({ code: 'PACKAGE_ALTERED' });
    expect(audits).toHaveLength(1);
  });

  it('fetches a package again whose file was damaged', async () => {
    const packages = cache();
    await packages.open(digest);
    await writeFile(cachedFile(), 'damaged');
    await packages.open(digest);
    expect(requests).toBe(2);
    expect(Buffer.compare(await readFile(cachedFile()), served)).toBe(0);
  });

  it('names telemetry maps from what it holds, without a fetch or an audit, also after a restart', async () => {
    expect(await cache().telemetryMaps(digest)).toEqual([]);
    const packages = cache();
    const { manifest } = await packages.open(digest);
    const wanted = Object.keys(manifest.maps).filter(
      (name) => manifest.maps[name]?.role === 'telemetry' && name !== manifest.events?.map,
    );
    expect(wanted).not.toEqual([]);
    expect(await packages.telemetryMaps(digest)).toEqual(wanted);
    expect(await cache().telemetryMaps(digest)).toEqual(wanted);
    await writeFile(cachedFile(), 'damaged');
    const restarted = cache();
    expect(await restarted.telemetryMaps(digest)).toEqual([]);
    expect(requests).toBe(1);
    expect(audits).toEqual([]);
    await restarted.open(digest);
    expect(await restarted.telemetryMaps(digest)).toEqual(wanted);
  });

  it('keeps the packages in use and the newest of the others', async () => {
    await mkdir(join(dir, 'packages'));
    const others = ['1', '2', '3', '4'].map((digit) => `${digit.repeat(64)}.tar`);
    for (const [age, name] of others.entries()) {
      await writeFile(join(dir, 'packages', name), '');
      await utimes(join(dir, 'packages', name), 1_000 - age, 1_000 - age);
    }
    await cache().open(digest);
    const kept = [...others.slice(0, 2), `${digest.slice('sha256:'.length)}.tar`];
    expect((await readdir(join(dir, 'packages'))).sort()).toEqual(kept.sort());
  });

  it('tells why a package cannot be had', async () => {
    await expect(cache('wrong').open(digest)).rejects.toMatchObject({ code: 'UNAUTHENTICATED' });
    await expect(cache().open(`sha256:${'0'.repeat(64)}`)).rejects.toMatchObject({ code: 'PACKAGE_MISSING' });
    await expect(cache().open('../../etc/passwd')).rejects.toMatchObject({ code: 'PACKAGE_ALTERED' });
    await expect(fetchPackage({ socketPath: join(dir, 'none.sock') }, TOKEN, digest)).rejects.toMatchObject({
      code: 'HOST_UNREACHABLE',
    });
  });
});
