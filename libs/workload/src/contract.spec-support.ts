import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync, readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals';
import type { DesiredWorkload, HealthCheck, ObservedWorkload } from '@underware/core';
import { missingFeature, waitFor } from '@underware/testkit';
import type { WorkloadRuntime } from './workload-runtime.js';

export interface Subject {
  runtime: WorkloadRuntime;
  /** The same host after the agent was started again. */
  restarted(): WorkloadRuntime;
  /** The same, which kills at once: to clear up. */
  impatient: WorkloadRuntime;
  /** What the workloads need besides their command. */
  extras: Partial<DesiredWorkload>;
}

const MIB = 1 << 20;
/** In every workload's environment: finds what was left behind. */
const MARK = `UWT_MARK=${process.pid}`;
const TCP: HealthCheck = { kind: 'tcp', port: 80, intervalSeconds: 0.1, timeoutSeconds: 2, retries: 50 };

const busybox = (...args: string[]): string[] => ['/bin/busybox', ...args];
const sh = (script: string): string[] => busybox('sh', '-c', script);
const check = (script: string): HealthCheck => ({ ...TCP, kind: 'command', command: sh(script), retries: 2 });

/** What every workload runtime does, on the real thing. Workloads are busybox's programs. */
export function describeContract(
  title: string,
  name: string,
  tools: readonly string[],
  setUp: () => Promise<Subject>,
  tearDown: () => Promise<void>,
): void {
  const missing =
    missingFeature(title, ['root', 'network-namespaces']) ?? missingTools(title, ['busybox', ...tools]);
  const describeHere = missing === undefined ? describe : describe.skip;
  describeHere(`${title}${missing === undefined ? '' : ` [skipped: ${missing}]`}`, () => {
    const namespace = `uwt-wl-${name}`;
    let subject: Subject;
    let runtime: WorkloadRuntime;
    let counter = 0;
    const started = new Set<string>();

    beforeAll(async () => {
      createNamespace(namespace);
      subject = await setUp();
      runtime = subject.runtime;
      for (const { key } of await runtime.observe())
        if (key.startsWith('f00d')) await subject.impatient.stop(key);
    }, 60_000);

    afterEach(async () => {
      for (const key of started) await subject.impatient.stop(key);
      started.clear();
    });

    afterAll(async () => {
      await tearDown();
      removeNamespace(namespace);
      expect(markedProcesses()).toEqual([]);
    }, 60_000);

    function workload(command: string[], overrides: Partial<DesiredWorkload> = {}): DesiredWorkload {
      const key = `f00d${String(++counter).padStart(4, '0')}${String(process.pid).padStart(8, '0')}`;
      started.add(key);
      return {
        key,
        revision: '0000000a',
        vnf: 'web',
        runtime: runtime.runtime,
        command,
        environment: { UWT_MARK: String(process.pid) },
        cpus: 1,
        memoryBytes: 64 * MIB,
        namespace,
        after: [],
        ...subject.extras,
        ...overrides,
      };
    }

    const observed = async (key: string, by = runtime): Promise<ObservedWorkload | undefined> =>
      (await by.observe()).find((one) => one.key === key);
    const exited = async (key: string): Promise<ObservedWorkload> =>
      waitFor(`${key} to end`, async () => {
        const one = await observed(key);
        return one?.state === 'exited' ? one : undefined;
      });

    it('describes itself', async () => {
      expect(await runtime.describe()).toEqual(expect.any(String));
    });

    it('starts once, is found again by a new agent, and is gone when stopped, twice', async () => {
      const wanted = workload(busybox('sleep', '1000'));
      await runtime.start(wanted);
      const first = await observed(wanted.key);
      expect(first).toMatchObject({
        key: wanted.key,
        revision: wanted.revision,
        runtime: runtime.runtime,
        state: 'running',
        health: 'none',
      });
      expect(Math.abs(Date.now() - Date.parse(first?.startedAt ?? ''))).toBeLessThan(10_000);
      await runtime.start(wanted);
      const again = subject.restarted();
      await again.start(wanted);
      expect(await observed(wanted.key, again)).toEqual(first);
      await again.stop(wanted.key);
      await again.stop(wanted.key);
      expect(await observed(wanted.key)).toBeUndefined();
      expect(markedProcesses()).toEqual([]);
    });

    it('runs in its namespace, answers there without privilege, and is healthy', async () => {
      const wanted = workload(busybox('nc', '-ll', '-p', '80', '-e', '/bin/busybox', 'echo', 'hello'), {
        healthCheck: TCP,
      });
      await runtime.start(wanted);
      await runtime.checkHealth(wanted);
      expect(await observed(wanted.key)).toMatchObject({ health: 'healthy' });
      expect(inNamespace(namespace, 'busybox', 'nc', '-w', '1', '10.99.0.1', '80')).toContain('hello');
    });

    it('checks health over HTTP', async () => {
      const wanted = workload(busybox('httpd', '-f', '-p', '80', '-h', '/bin'), {
        healthCheck: { ...TCP, kind: 'http', path: '/busybox' },
      });
      await runtime.start(wanted);
      await runtime.checkHealth(wanted);
      const bad: HealthCheck = { ...TCP, kind: 'http', path: '/nothing-here', retries: 2 };
      await expect(runtime.checkHealth({ ...wanted, healthCheck: bad })).rejects.toMatchObject({
        code: 'HEALTH_CHECK_FAILED',
        report: { why: expect.stringContaining('HTTP status 404') },
      });
    });

    it('checks health by a command inside', async () => {
      const good = workload(busybox('sleep', '1000'), {
        healthCheck: check('test "$UWT_MARK" && /bin/busybox ip addr | /bin/busybox grep -q 10.99.0.1'),
      });
      await runtime.start(good);
      await runtime.checkHealth(good);
      await expect(
        runtime.checkHealth({ ...good, healthCheck: check('echo out of sorts; exit 3') }),
      ).rejects.toMatchObject({
        code: 'HEALTH_CHECK_FAILED',
        report: { why: expect.stringContaining('out of sorts') },
      });
      const slow = { ...check('/bin/busybox sleep 100'), timeoutSeconds: 0.3, retries: 1 };
      await expect(runtime.checkHealth({ ...good, healthCheck: slow })).rejects.toMatchObject({
        report: { why: expect.stringContaining('no answer within 300 ms') },
      });
      expect(await observed(good.key)).toMatchObject({ health: 'unhealthy' });
    });

    it('gives up on health after the retries, with the log', async () => {
      const wanted = workload(sh('echo still warming up; exec /bin/busybox sleep 1000'), {
        healthCheck: { ...TCP, retries: 3 },
      });
      await runtime.start(wanted);
      await expect(runtime.checkHealth(wanted)).rejects.toMatchObject({
        code: 'HEALTH_CHECK_FAILED',
        report: {
          why: expect.stringMatching(/^3 of 3 checks failed.*10\.99\.0\.1 port 80: ECONNREFUSED/),
          detail: 'still warming up\n',
        },
      });
    });

    it('reports the exit code and the log of what ended', async () => {
      const wanted = workload(sh('echo bad config >&2; exit 3'), { healthCheck: TCP });
      await runtime.start(wanted);
      expect(await exited(wanted.key)).toMatchObject({ state: 'exited', exitCode: 3 });
      await expect(runtime.checkHealth(wanted)).rejects.toMatchObject({
        code: 'WORKLOAD_FAILED',
        report: { why: 'it exited with exit code 3', detail: 'bad config\n' },
      });
      expect(await observed(wanted.key, subject.restarted())).toMatchObject({ exitCode: 3 });
      await runtime.start({ ...wanted, command: busybox('sleep', '1000') });
      expect(await observed(wanted.key)).toMatchObject({ state: 'running' });
    });

    it('fails on a workload that is not there', async () => {
      await expect(runtime.checkHealth(workload(busybox('true')))).rejects.toMatchObject({
        code: 'WORKLOAD_FAILED',
        report: { why: 'it is not there' },
      });
    });

    it('fails on a command that is not there, and leaves nothing running', async () => {
      const wanted = workload(['/nonexistent/program']);
      await expect(
        (async () => {
          await runtime.start(wanted);
          await runtime.checkHealth(wanted);
        })(),
      ).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
      expect((await observed(wanted.key))?.state).not.toBe('running');
    });

    it('fails when the namespace is not there', async () => {
      const wanted = workload(busybox('sleep', '1000'), { namespace: 'uwt-wl-none' });
      await expect(runtime.start(wanted)).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
      expect(await observed(wanted.key)).toBeUndefined();
    });

    it('hands over arguments and environment byte by byte', async () => {
      const odd = `it's "$HOME" \`id\` \\ * ; é\n#`;
      const wanted = workload([...sh('echo "$1"; echo "$ODD"'), 'sh', odd], { environment: { ODD: odd } });
      await runtime.start(wanted);
      await exited(wanted.key);
      expect(await runtime.logs(wanted.key, { tail: 10 })).toBe(`${odd}\n${odd}\n`);
    });

    it('gives the last lines of the log', async () => {
      const wanted = workload(sh('i=0; while [ $i -lt 500 ]; do echo line $i; i=$((i+1)); done'));
      await runtime.start(wanted);
      await exited(wanted.key);
      expect(await runtime.logs(wanted.key, { tail: 2 })).toBe('line 498\nline 499\n');
      expect(await runtime.logs(wanted.key, { tail: 0 })).toBe('');
      expect(await runtime.logs('f00dffff', { tail: 2 })).toBe('');
    });

    it('asks to end before it kills', async () => {
      const wanted = workload(
        sh('trap "exit 0" TERM; echo ready; while :; do /bin/busybox sleep 0.05; done'),
      );
      await runtime.start(wanted);
      await waitFor('its log', async () => (await runtime.logs(wanted.key, { tail: 1 })) === 'ready\n');
      const before = Date.now();
      await runtime.stop(wanted.key);
      expect(Date.now() - before).toBeLessThan(900);
    });

    it('kills what ignores the request, with all that it started', async () => {
      const wanted = workload(
        sh(
          'trap "" TERM; (while :; do /bin/busybox sleep 100; done) & while :; do /bin/busybox sleep 100; done',
        ),
      );
      await runtime.start(wanted);
      await waitFor('both to run', () => markedProcesses().length >= 2);
      await runtime.stop(wanted.key);
      expect(await observed(wanted.key)).toBeUndefined();
      expect(markedProcesses()).toEqual([]);
    });

    it('replaces another revision of the key', async () => {
      const wanted = workload(busybox('sleep', '1000'));
      await runtime.start(wanted);
      await runtime.start({ ...wanted, revision: '0000000b' });
      expect((await runtime.observe()).filter(({ key }) => key === wanted.key)).toMatchObject([
        { revision: '0000000b', state: 'running' },
      ]);
      await expect(runtime.checkHealth(wanted)).rejects.toMatchObject({ code: 'WORKLOAD_FAILED' });
    });

    it('leaves it no privilege, and no way to gain one', async () => {
      const wanted = workload(
        busybox('grep', '-E', '^(Cap(Prm|Eff|Bnd|Amb)|NoNewPrivs):', '/proc/self/status'),
      );
      await runtime.start(wanted);
      await exited(wanted.key);
      expect(await runtime.logs(wanted.key, { tail: 10 })).toBe(
        ['Prm', 'Eff', 'Bnd', 'Amb'].map((set) => `Cap${set}:\t0000000000000000\n`).join('') +
          'NoNewPrivs:\t1\n',
      );
    });

    it('kills what takes more memory than its limit', async () => {
      const hungry = workload(busybox('dd', 'if=/dev/zero', 'of=/dev/null', 'bs=200M', 'count=1'), {
        memoryBytes: 32 * MIB,
      });
      await runtime.start(hungry);
      expect(await exited(hungry.key)).toMatchObject({ exitCode: 137 });
      const modest = workload(hungry.command, { memoryBytes: 400 * MIB });
      await runtime.start(modest);
      expect(await exited(modest.key)).toMatchObject({ exitCode: 0 });
    });

    it('holds it to its share of the processor', async () => {
      const wanted = workload(
        sh(
          'end=$(($(/bin/busybox date +%s) + 3)); while [ $(/bin/busybox date +%s) -lt $end ]; do :; done; times',
        ),
        { cpus: 0.1 },
      );
      await runtime.start(wanted);
      await exited(wanted.key);
      // Two lines of user and system time: the shell's and its children's.
      const times = [...(await runtime.logs(wanted.key, { tail: 2 })).matchAll(/(\d+)m([\d.]+)s/g)];
      const seconds = times.reduce((sum, [, minutes, rest]) => sum + Number(minutes) * 60 + Number(rest), 0);
      expect(times).toHaveLength(4);
      expect(seconds).toBeLessThan(0.9);
    });

    it('limits its number of processes', async () => {
      const wanted = workload(
        sh('i=0; while [ $i -lt 700 ]; do /bin/busybox sleep 100 & i=$((i+1)); done; echo all'),
        { memoryBytes: 512 * MIB },
      );
      await runtime.start(wanted);
      await waitFor('the limit', async () =>
        (await runtime.logs(wanted.key, { tail: 5 })).includes("can't fork"),
      );
      expect(await runtime.logs(wanted.key, { tail: 5 })).not.toContain('all');
      await runtime.stop(wanted.key);
      expect(markedProcesses()).toEqual([]);
    });

    it.each([
      ['key', { key: '../../etc' }],
      ['namespace', { namespace: '../../proc/1/ns/net' }],
      ['environment', { environment: { 'A=B; id': '1' } }],
      ['memory', { memoryBytes: 0 }],
    ])('refuses a bad %s', async (_what, overrides) => {
      await expect(runtime.start({ ...workload(busybox('true')), ...overrides })).rejects.toMatchObject({
        code: 'PAYLOAD_INVALID',
      });
    });
  });
}

/** Which programs a test needs and this machine lacks; where CI=true nothing may be skipped. */
export function missingTools(test: string, tools: readonly string[]): string | undefined {
  const missing = tools.filter(
    (tool) => spawnSync(tool, ['--help'], { stdio: 'ignore' }).error !== undefined,
  );
  if (missing.length === 0) return undefined;
  if (process.env['CI'] === 'true') throw new Error(`${test} needs ${missing.join(', ')}`);
  return `${missing.join(', ')} not installed`;
}

function createNamespace(name: string): void {
  removeNamespace(name);
  execFileSync('ip', ['netns', 'add', name]);
  inNamespace(name, 'ip', 'link', 'set', 'lo', 'up');
  inNamespace(name, 'ip', 'addr', 'add', '10.99.0.1/32', 'dev', 'lo');
  inNamespace(name, 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/ip_unprivileged_port_start');
}

function removeNamespace(name: string): void {
  if (readdirSync('/run').includes('netns') && readdirSync('/run/netns').includes(name))
    execFileSync('ip', ['netns', 'delete', name]);
}

export function inNamespace(name: string, ...command: string[]): string {
  return execFileSync('nsenter', [`--net=/run/netns/${name}`, ...command], {
    encoding: 'utf8',
    timeout: 20_000,
    stdio: ['ignore', 'pipe', 'pipe'],
  });
}

/** Processes with this run's mark in their environment. */
function markedProcesses(): string[] {
  return readdirSync('/proc')
    .filter((pid) => /^\d+$/.test(pid))
    .flatMap((pid) => {
      try {
        const environment = readFileSync(`/proc/${pid}/environ`, 'utf8').split('\0');
        return environment.includes(MARK)
          ? [`${pid} ${readFileSync(`/proc/${pid}/comm`, 'utf8').trim()}`]
          : [];
      } catch {
        return []; // it ended meanwhile
      }
    });
}
