import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, realpath, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compileFixture, describeAsRoot } from './fixture.spec-support.js';

const PACKAGE = dirname(dirname(fileURLToPath(import.meta.url)));
const PREFIX = 'uwt-bpf-package-';
const run = promisify(execFile);

/** What somebody else writes who installed the package: load, run, read a map, be refused. */
const PROGRAM = `
import { BpfObject, BpfError, probeProgramType } from '@underware/libbpf';
import { readFile } from 'node:fs/promises';

using object = await BpfObject.open(await readFile('basic.o'), { name: 'basic' });
object.setRodata({ config: { verdict: 1 } });
await object.load();
const { retval } = await object.program('judge').testRun({ data: new Uint8Array(60) });
const hits = (await object.map('hits').get(0)) as number[];
const refused: unknown = await BpfObject.open(new Uint8Array(8)).catch((error: unknown) => error);
console.log(JSON.stringify({
  from: import.meta.resolve('@underware/libbpf'),
  retval,
  hits: hits.reduce((sum: number, count: number) => sum + count, 0),
  xdp: await probeProgramType('xdp'),
  refused: refused instanceof BpfError && refused.call,
}));
`;

describeAsRoot('the package, installed by itself', () => {
  let directory: string;

  beforeAll(async () => {
    for (const name of await readdir(tmpdir()))
      if (name.startsWith(PREFIX)) await rm(join(tmpdir(), name), { recursive: true, force: true });
    directory = await realpath(await mkdtemp(join(tmpdir(), PREFIX)));
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('builds its addon outside of the tree, is typed, and works on the kernel', async () => {
    const { stdout: packed } = await run('npm', ['pack', '--json', '--pack-destination', directory], {
      cwd: PACKAGE,
    });
    const [tarball] = JSON.parse(packed) as [{ filename: string; files: { path: string }[] }];
    const paths = tarball.files.map(({ path }) => path);
    expect(paths).toEqual(
      expect.arrayContaining(['LICENSE', 'README.md', 'binding.gyp', 'dist/index.d.ts', 'dist/index.js']),
    );
    expect(paths.filter((path) => /spec|fixture|tsbuildinfo|^build|^src\/(?!native)/.test(path))).toEqual([]);

    await writeFile(join(directory, 'package.json'), '{ "private": true, "type": "module" }');
    const flags = ['--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
    await run('npm', ['install', ...flags, join(directory, tarball.filename)], { cwd: directory });
    const installed = join(directory, 'node_modules', '@underware', 'libbpf');
    await expect(readdir(join(installed, 'build', 'Release'))).resolves.toEqual(
      expect.arrayContaining(['libbpf.so.1', 'underware_libbpf.node']),
    );

    await writeFile(join(directory, 'basic.o'), compileFixture('basic'));
    await writeFile(join(directory, 'main.mts'), PROGRAM);
    const repository = dirname(dirname(PACKAGE));
    const types = ['--typeRoots', join(repository, 'node_modules/@types'), '--types', 'node'];
    const tsc = [join(repository, 'node_modules/typescript/bin/tsc'), '--strict', '--module', 'nodenext'];
    await run(
      process.execPath,
      [...tsc, '--target', 'es2022', '--lib', 'es2022,esnext.disposable', ...types, 'main.mts'],
      {
        cwd: directory,
      },
    ).catch((error: { stdout?: string }) => {
      throw new Error(`the types do not fit: ${error.stdout ?? String(error)}`);
    });

    const { stdout } = await run(process.execPath, ['main.mjs'], {
      cwd: directory,
      env: { PATH: process.env['PATH'] },
    });
    const { version } = JSON.parse(await readFile(join(installed, 'package.json'), 'utf8')) as {
      version: string;
    };
    expect(tarball.filename).toContain(version);
    expect(JSON.parse(stdout)).toEqual({
      from: `file://${installed}/dist/index.js`,
      retval: 1,
      hits: 1,
      xdp: { supported: true },
      refused: expect.stringMatching(/^bpf_object__open/),
    });
  }, 120_000);
});
