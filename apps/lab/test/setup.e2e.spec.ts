import { describeKernel, waitFor } from '@underware/testkit';
import { execFile, spawn } from 'node:child_process';
import { access, chmod, cp, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { REPOSITORY } from '../src/stack/layout.js';

const PREFIX = 'uwt-setup-';
const run = promisify(execFile);

/** What the set-up reads; two packages stand for all that nx builds. */
const SOURCES =
  'tools bpf libs/core libs/libbpf libs/workload/native package.json package-lock.json nx.json tsconfig.base.json';
const BUILT = /\/(node_modules|dist|build)(\/|$)/;

/** The real one would unpack half a gigabyte: `npm ci` first removes everything, then puts it there bit by bit. */
const NPM = `#!/bin/sh
[ "$1" = ci ] || exec NPM "$@"
rm -rf node_modules
mkdir node_modules
for each in REPOSITORY/node_modules/* REPOSITORY/node_modules/.bin; do cp -al "$each" node_modules/; done
mkdir -p libs/libbpf/node_modules
cp -al REPOSITORY/libs/libbpf/node_modules/* libs/libbpf/node_modules/
`;

/** Everything is installed but one package, whose installation takes as long as apt is let live. */
const DPKG_QUERY = `#!/bin/sh
case "$*" in *procps*) exit 1 ;; *db:Status-Status*) printf installed ;; *) printf 2:9.9 ;; esac
`;
const APT_GET = `#!/bin/sh
[ "$1" = install ] || exit 0
: >"$UWT_STARTED"
exec sleep 60
`;

let directory: string;

async function there(path: string): Promise<boolean> {
  return access(join(directory, path)).then(
    () => true,
    () => false,
  );
}

async function program(name: string, text: string): Promise<void> {
  await writeFile(join(directory, 'bin', name), text);
  await chmod(join(directory, 'bin', name), 0o755);
}

interface Run {
  pid: number;
  output: () => string;
  ended: Promise<number | NodeJS.Signals | null>;
}

/** In a process group of its own, as a terminal's foreground job. */
function setup(command: string[], path: string): Run {
  let output = '';
  const [file = '', ...args] = command;
  const child = spawn(file, args, {
    cwd: directory,
    detached: true,
    env: { ...process.env, PATH: path, UWT_STARTED: join(directory, 'apt-runs') },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const ended = new Promise<number | NodeJS.Signals | null>((resolve) =>
    child.once('close', (code, signal) => resolve(code ?? signal)),
  );
  return { pid: child.pid ?? 0, output: () => output, ended };
}

const SCRIPT = ['bash', 'tools/setup.sh', 'demo'];
const withNpm = (): string => `${join(directory, 'bin')}:${process.env['PATH'] ?? ''}`;

/** Starts the set-up and sends a signal to all of it, as Ctrl-C does, once the stage is at work: it has made something. */
async function interruptAt(stage: string, made: string, signal: NodeJS.Signals): Promise<Run> {
  const started = setup(SCRIPT, withNpm());
  let over = false;
  void started.ended.then(() => (over = true));
  const atWork = async (): Promise<boolean> =>
    over || (started.output().includes(`▸ ${stage} … `) && (await there(made)));
  await waitFor(`the stage ${stage}`, atWork, { deadlineMs: 60_000, everyMs: 5 });
  if (over) throw new Error(`the set-up ended before it could be interrupted: ${started.output()}`);
  process.kill(-started.pid, signal);
  await started.ended;
  return started;
}

async function groupIsGone(pid: number): Promise<boolean> {
  const { stdout } = await run('ps', ['-eo', 'pgid=,stat=']);
  return !stdout.split('\n').some((line) => new RegExp(`^\\s*${pid}\\s+[^Z]`).test(line));
}

describeKernel('the set-up', () => {
  beforeAll(async () => {
    for (const name of await readdir(tmpdir()))
      if (name.startsWith(PREFIX)) await rm(join(tmpdir(), name), { recursive: true, force: true });
    directory = await mkdtemp(join(tmpdir(), PREFIX));
    for (const path of SOURCES.split(' '))
      await cp(join(REPOSITORY, path), join(directory, path), {
        recursive: true,
        preserveTimestamps: true,
        filter: (source) => !BUILT.test(source.slice(REPOSITORY.length)),
      });
    await mkdir(join(directory, 'bin'));
    const { stdout: npm } = await run('sh', ['-c', 'command -v npm']);
    await program(
      'npm',
      NPM.replaceAll('REPOSITORY', REPOSITORY.replace(/\/$/, '')).replace('NPM', npm.trim()),
    );
  });

  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('goes on after Ctrl-C, and after a kill, at each of its stages', async () => {
    const stages: [string, string][] = [
      // The first thing that it makes: what comes last may come with the end of the stage.
      ['npm packages (npm ci)', 'node_modules'],
      ['native addon (libbpf)', 'libs/libbpf/build/Release/obj.target'],
      ['eBPF objects (clang)', 'bpf'],
      ['apps and console', '.nx'],
    ];
    for (const [stage, made] of stages) {
      const { output, ended, pid } = await interruptAt(stage, made, 'SIGINT');
      expect(output()).toContain('interrupted');
      expect(output()).toContain('run again to go on');
      expect(await ended).toBe(130);
      await waitFor('all of it to end', () => groupIsGone(pid), { deadlineMs: 5_000 });
      await expect((await interruptAt(stage, made, 'SIGKILL')).ended).resolves.toBe('SIGKILL');
      await waitFor('all of it to end', () => groupIsGone(pid), { deadlineMs: 5_000 });
    }
    const last = setup(SCRIPT, withNpm());
    expect([await last.ended, last.output()]).toEqual([0, expect.stringContaining('done')]);

    const again = setup(SCRIPT, withNpm());
    expect([await again.ended, again.output()]).toEqual([0, '']);
    const use = `const { possibleCpus } = await import('@underware/libbpf'); await import('@underware/core')`;
    await run(process.execPath, ['--input-type=module', '-e', use], { cwd: join(directory, 'libs/libbpf') });
    await run(
      process.execPath,
      ['-e', `require('node-gyp-build')('${directory}/libs/libbpf').possibleCpus`],
      {
        cwd: join(directory, 'libs/libbpf'),
      },
    );
    expect(await readdir(join(directory, 'bpf/build'))).toEqual(
      expect.arrayContaining(['firewall.bpf.o', 'probe.bpf.o', 'root.bpf.o']),
    );
    expect(await readdir(join(directory, 'libs/workload/build'))).toContain('uw-sandbox');
  }, 120_000);

  it('leaves no policy behind when installing packages is interrupted', async () => {
    await program('dpkg-query', DPKG_QUERY);
    await program('apt-get', APT_GET);
    const upper = join(directory, 'upper');
    await mkdir(upper);
    await mkdir(join(directory, 'work'));
    // Its own view of /usr/sbin, so that nothing of this machine is changed.
    const overlay = `lowerdir=/usr/sbin,upperdir=${upper},workdir=${directory}/work`;
    const script = `mount -t overlay overlay -o ${overlay} /usr/sbin && rm -f /usr/sbin/policy-rc.d && exec bash tools/system-packages.sh demo`;
    const started = setup(['unshare', '--mount', 'sh', '-c', script], withNpm());
    await waitFor('apt to run', () => there('apt-runs'), { deadlineMs: 20_000, everyMs: 5 });
    expect(started.output()).toContain('procps');
    const policy = async (): Promise<string> =>
      readFile(join(upper, 'policy-rc.d'), 'utf8').catch(() => 'none');
    expect(await policy()).toContain('made by underware');
    process.kill(-started.pid, 'SIGINT');
    expect(await started.ended).not.toBe(0);
    expect(await policy()).toBe('none');
  }, 60_000);
});
