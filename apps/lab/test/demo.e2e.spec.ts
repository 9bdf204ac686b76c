import { describeKernel, waitFor } from '@underware/testkit';
import { execFile, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, it } from '@jest/globals';

const MAIN = fileURLToPath(new URL('../dist/main.js', import.meta.url));
const PREFIX = 'uwt-demo-';
const RUN = '/run/underware/uwt-demo';
const MINUTES = 60_000;

let directory: string;

/** The demo as a user would run it, but with names of the test's own. */
function lab(command: string, ...args: string[]): ChildProcess {
  const argv = [MAIN, command, '--prefix', PREFIX, '--dir', directory, ...args];
  return spawn(process.execPath, argv, { stdio: ['ignore', 'pipe', 'pipe'] });
}

async function outputOf(child: ChildProcess): Promise<{ code: number | null; output: string }> {
  let output = '';
  child.stdout?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  child.stderr?.on('data', (chunk: Buffer) => (output += chunk.toString()));
  const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
  return { code, output };
}

/** Resolves when the child has written something that matches; the child goes on. */
async function written(child: ChildProcess, pattern: RegExp): Promise<void> {
  let output = '';
  const note = (chunk: Buffer): void => void (output += chunk.toString());
  child.stdout?.on('data', note);
  child.stderr?.on('data', note);
  await waitFor(`the demo to write ${String(pattern)}`, () => pattern.test(output), {
    deadlineMs: 2 * MINUTES,
  });
}

async function expectNothingLeft(): Promise<void> {
  const names = await readdir('/run/netns').catch(() => []);
  expect(names.filter((name) => name.startsWith(PREFIX))).toEqual([]);
  await expect(access(RUN)).rejects.toThrow('ENOENT');
  await expect(access(join(directory, 'demo'))).rejects.toThrow('ENOENT');
  // Everything of the lab carries its directory in its environment or its command line.
  const { stdout } = await promisify(execFile)('sh', [
    '-c',
    `grep -lz '^UNDERWARE_LAB=${RUN}$' /proc/[0-9]*/environ 2>/dev/null || true`,
  ]);
  expect(stdout.split('\n').filter((path) => path !== '')).toEqual([]);
}

describeKernel('the demo', () => {
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'uwt-demo-'));
    await promisify(execFile)('chmod', ['755', directory]);
    await outputOf(lab('clean'));
  });

  afterAll(async () => {
    await outputOf(lab('clean'));
    await rm(directory, { recursive: true, force: true });
  });

  it.each(['postgres', 'redis'])(
    'proves a service and leaves nothing, with its queues on %s',
    async (queue) => {
      const { code, output } = await outputOf(lab('demo', '--once', '--queue', queue));
      expect(output).toMatch(
        /✓ h\d: conditioning finished at \S+ \(\d+ steps, \d+ of them assertions\), \d+ ms before/,
      );
      expect(output).toMatch(/✓ allowed\s+client → \[10\.60\.0\.10\]:8080\s+ok 200/);
      expect(output).toMatch(/✓ allowed\s+client → \[fd60::10\]:8080\s+ok 200/);
      expect(output).toMatch(/✓ denied\s+client → \[10\.60\.0\.10\]:9090\s+timeout/);
      expect(output).toMatch(/✓ denied\s+client → \[fd60::10\]:9090\s+timeout/);
      const [, before, after] = /✓ allowed\s+rule site: (\d+) → (\d+)/.exec(output) ?? [];
      expect(Number(after)).toBeGreaterThan(Number(before));
      const [, droppedBefore, droppedAfter] = /✓ verdict\s+drop: (\d+) → (\d+)/.exec(output) ?? [];
      expect(Number(droppedAfter)).toBeGreaterThan(Number(droppedBefore));
      expect(output).toContain('✓ nothing remains');
      expect(output).not.toContain('✗');
      expect(code).toBe(0);
      await expectNothingLeft();
    },
    3 * MINUTES,
  );

  it(
    'runs VNFs as processes where it is told not to use containers, and says so',
    async () => {
      const { code, output } = await outputOf(lab('demo', '--once', '--no-containers'));
      expect(output).toMatch(/VNF web runs on h\d as a process/);
      expect(output).toContain('VNFs run as processes, because containers were not asked for');
      expect(code).toBe(0);
      await expectNothingLeft();
    },
    3 * MINUTES,
  );

  it.each([
    ['the lab is made', /lab: 3 hosts/, 130],
    ['the orchestrator starts', /orchestrator/, 130],
    ['kernels are conditioned', /done\s+make port/, 130],
    ['VNFs start', /started\s+start VNF/, 130],
    ['it proves what it says', /VNFs run as/, 130],
    ['it stays up', /stays up until Ctrl-C/, 0],
  ])(
    'takes everything down on Ctrl-C while %s, also when it comes twice',
    async (_when, pattern, exitCode) => {
      const child = lab('demo');
      const ended = outputOf(child);
      await written(child, pattern);
      child.kill('SIGINT');
      child.kill('SIGINT');
      const { code, output } = await ended;
      expect(output).toContain('✓ nothing remains');
      expect(output).not.toContain('✗');
      expect(code).toBe(exitCode);
      await expectNothingLeft();
    },
    3 * MINUTES,
  );

  it(
    'sweeps what a demo that was killed left behind',
    async () => {
      const child = lab('demo');
      const ended = outputOf(child);
      await written(child, /done\s+start VNF/);
      child.kill('SIGKILL');
      await ended;
      await expect(outputOf(lab('clean'))).resolves.toMatchObject({ code: 0 });
      await expectNothingLeft();
      // With nothing there, cleaning is no error.
      await expect(outputOf(lab('clean'))).resolves.toMatchObject({ code: 0 });
    },
    3 * MINUTES,
  );

  it('refuses a port that is in use, with the remedy', async () => {
    const { createServer } = await import('node:net');
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    const { code, output } = await outputOf(lab('up', '--port', String(port)));
    await new Promise((resolve) => server.close(resolve));
    expect(code).toBe(1);
    expect(output).toMatch(/STATE_CONFLICT[\s\S]*the port is in use[\s\S]*--port/);
    await expectNothingLeft();
  });
});
