import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);
const here = path.join(process.cwd(), 'bpf');
let repository: string;

const good =
  '#include "uw_chain.h"\nSEC("xdp") int good(struct xdp_md *ctx) { return ctx ? XDP_PASS : XDP_DROP; }\n';
const bad = '#include "uw_chain.h"\nSEC("xdp") int bad(struct xdp_md *ctx) { return ctx->nothing; }\n';

beforeAll(async () => {
  repository = await mkdtemp(path.join(tmpdir(), 'uwt-build-'));
  await mkdir(path.join(repository, 'bpf', 'good'), { recursive: true });
  await mkdir(path.join(repository, 'libs', 'some', 'bpf'), { recursive: true });
  await cp(path.join(here, 'build.mjs'), path.join(repository, 'bpf', 'build.mjs'));
  await cp(path.join(here, 'include'), path.join(repository, 'bpf', 'include'), { recursive: true });
  await writeFile(path.join(repository, 'bpf', 'good', 'good.bpf.c'), good);
  await writeFile(path.join(repository, 'libs', 'some', 'bpf', 'more.bpf.c'), good);
});

afterAll(() => rm(repository, { recursive: true, force: true }));

const build = (): Promise<{ stdout: string }> => run('node', [path.join(repository, 'bpf', 'build.mjs')]);

it('compiles what changed, and only that', async () => {
  const first = await build();
  expect(first.stdout.split('\n').filter(Boolean).sort()).toEqual([
    'compiled  bpf/build/good.bpf.o',
    'compiled  libs/some/build/more.bpf.o',
  ]);
  expect((await build()).stdout).not.toContain('compiled');

  const later = new Date(Date.now() + 60_000);
  await utimes(path.join(repository, 'libs', 'some', 'bpf', 'more.bpf.c'), later, later);
  const third = (await build()).stdout;
  expect(third).toContain('up to date  bpf/build/good.bpf.o');
  expect(third).toContain('compiled  libs/some/build/more.bpf.o');

  await utimes(path.join(repository, 'bpf', 'include', 'uw_chain.h'), later, later);
  expect((await build()).stdout).toContain('compiled  bpf/build/good.bpf.o');
});

it('shows the compiler messages, exits with 1 and leaves no stale object', async () => {
  await mkdir(path.join(repository, 'bpf', 'bad'), { recursive: true });
  const source = path.join(repository, 'bpf', 'bad', 'bad.bpf.c');
  await writeFile(source, good);
  await build();
  await writeFile(source, bad);
  const later = new Date(Date.now() + 60_000);
  await utimes(source, later, later);
  await expect(build()).rejects.toMatchObject({
    code: 1,
    stderr: expect.stringMatching(
      /failed {2}bpf\/bad\/bad\.bpf\.c[^]*bad\.bpf\.c:2:\d+: error:[^]*1 of 3 did not compile/,
    ),
  });
  await expect(stat(path.join(repository, 'bpf', 'build', 'bad.bpf.o'))).rejects.toMatchObject({
    code: 'ENOENT',
  });
  expect(await readdir(path.join(repository, 'bpf', 'build'))).toContain('good.bpf.o');
});

it('makes the same object wherever the repository lies', async () => {
  await cp(path.join(here, 'engine'), path.join(repository, 'bpf', 'engine'), { recursive: true });
  await build().catch(() => undefined);
  expect(await digest(repository)).toBe(await digest(process.cwd()));
});

async function digest(root: string): Promise<string> {
  const { stdout } = await run('sha256sum', [path.join(root, 'bpf', 'build', 'root.bpf.o')]);
  return stdout.split(' ')[0] ?? '';
}
