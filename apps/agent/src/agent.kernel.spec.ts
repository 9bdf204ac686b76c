import { afterAll, beforeAll, expect, it } from '@jest/globals';
import type {
  DesiredInstance,
  DesiredPort,
  DesiredSlice,
  Hook,
  HostState,
  SliceReport,
} from '@underware/core';
import { generateKeyPair, packagePlugins } from '@underware/plugin';
import { describeKernel, NetnsLab, runCommand, waitFor, type NetnsHost } from '@underware/testkit';
import { compileUnderservice } from '@underware/underservices';
import type { ChildProcess } from 'node:child_process';
import { copyFile, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { once } from 'node:events';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const PREFIX = 'uwt-ag-';
const SERVICE = 'uwt-agent';

let lab: NetnsLab;
let host: NetnsHost;
let dir: string;
let digests: Map<string, string>;
let generation = 0;
/** Agents that run now. */
const agents = new Set<ChildProcess>();

describeKernel(
  'the agent on the real kernel',
  () => {
    beforeAll(async () => {
      // The agent runs in processes of its own, so it runs as it is built.
      await runCommand(['npx', 'tsc', '-b', join(ROOT, 'apps/agent/test')], { timeoutMs: 300_000 });
      lab = await NetnsLab.create({ prefix: PREFIX });
      host = await lab.addHost('h1');
      dir = await mkdtemp(join(tmpdir(), 'uwt-agent-'));
      digests = await trustedPackages();
    }, 360_000);

    afterAll(async () => {
      for (const agent of agents) agent.kill('SIGKILL');
      if (dir) {
        await release();
        await rm(dir, { recursive: true });
      }
      await lab?.destroy();
    }, 60_000);

    it('conditions two ports, proves them, starts the VNF, and leaves nothing when it ends', async () => {
      await putToState(slice());
      expect(await everything()).toEqual({
        devices: ['uwta0', 'uwta1'],
        instances: 4,
        links: 3,
        namespaces: [`${PREFIX}vnf0`, `${PREFIX}vnf1`],
        processes: 1,
      });
      await putToState();
      await expectNothing();
    }, 60_000);

    it('names an assertion that does not hold, and leaves the host as it was', async () => {
      const wrong = slice();
      const [first] = wrong.slice.assertions;
      if (first) wrong.slice.assertions = [{ ...first, name: 'wrong', expect: 'drop' }];
      const [report] = await apply(wrong);
      expect(report?.error).toMatchObject({ code: 'ASSERTION_FAILED', attempted: 'hold assertion "wrong"' });
      await expectNothing();
      await putToState();
    }, 60_000);

    it('refuses a package whose key is not trusted any more, cached or not', async () => {
      const keys = join(dir, 'keys');
      await mkdir(join(dir, 'other'), { recursive: true });
      await generateKeyPair(join(dir, 'other', 'other'));
      await copyFile(join(dir, 'other', 'other.pub'), join(keys, 'other.pub'));
      await rm(join(keys, 'test.pub'));
      const [report] = await apply(slice());
      expect(report?.error?.code).toBe('HOST_UNREACHABLE');
      await expectNothing();
      await rm(join(keys, 'other.pub'));
      digests = await trustedPackages();
      await putToState();
    }, 60_000);

    it('killed at any journal entry and started again, it ends in the desired state', async () => {
      const whole = {
        devices: ['uwta0'],
        instances: 2,
        links: 1,
        namespaces: [`${PREFIX}vnf0`],
        processes: 1,
      };
      const nothing = { devices: [], instances: 0, links: 0, namespaces: [], processes: 0 };
      const kills = { up: 0, down: 0 };
      let process = await start();
      for (let at = 1, more = true; more; at += 1) {
        more = false;
        for (const way of ['up', 'down'] as const) {
          process.give(jobFor(way === 'up' ? smallSlice() : undefined), at);
          let reports = await process.next();
          if (reports === undefined) {
            kills[way] += 1;
            more = true;
            process = await start();
            reports = await process.next();
          }
          expect(reports).toEqual([{ service: SERVICE, stage: way === 'up' ? 'running' : 'absent' }]);
          expect(await everything()).toEqual(way === 'up' ? whole : nothing);
        }
      }
      await process.stop();
      expect(kills.up).toBeGreaterThan(20);
      expect(kills.down).toBeGreaterThan(14);
    }, 600_000);

    it('brings back what is persistent or held after a reboot, with nobody there to tell it', async () => {
      const desired = smallSlice();
      desired.slice.instances = desired.slice.instances.map((each) => ({ ...each, residency: 'persistent' }));
      const held = [member('firewall', 1, 'xdp', 100)];
      const whole = {
        devices: ['uwta0'],
        instances: 3,
        links: 1,
        namespaces: [`${PREFIX}vnf0`],
        processes: 1,
      };
      const before = await start();
      before.give({ ...jobFor(desired), held });
      expect(await before.next()).toEqual([{ service: SERVICE, stage: 'running' }]);
      expect(await everything()).toEqual(whole);
      await before.kill();
      await reboot();
      await expectNothing();

      const after = await start();
      const asBefore = async (): Promise<boolean> => {
        expect(await everything()).toEqual(whole);
        return true;
      };
      await waitFor('the host as it was', asBefore, { deadlineMs: 30_000 });
      // The service ends; what is held stays, and is linked again without being loaded when the service is back.
      after.give({ ...jobFor(undefined), held: [...desired.slice.instances, ...held] });
      expect(await after.next()).toEqual([{ service: SERVICE, stage: 'absent' }]);
      expect(await everything()).toEqual({ ...whole, devices: [], links: 0, namespaces: [], processes: 0 });
      const ids = await programIds();
      after.give({ ...jobFor(desired), held });
      expect(await after.next()).toEqual([{ service: SERVICE, stage: 'running' }]);
      expect(await everything()).toEqual(whole);
      expect(await programIds()).toEqual(ids);
      after.give(jobFor(undefined));
      await after.next();
      await expectNothing();
      await after.stop();
    }, 120_000);

    it('does not start without its rights, and names them', async () => {
      const limited = ['setpriv', '--bounding-set=-all,+net_admin', '--inh-caps=-all'];
      const command = [...limited, ...environment(), process.execPath, join(ROOT, 'apps/agent/dist/main.js')];
      const child = host.spawn(command, { stdio: ['ignore', 'ignore', 'pipe'] });
      const said = child.stderr ? lines((await child.stderr.toArray()).join('')) : [];
      expect(child.exitCode ?? (await once(child, 'exit'))[0]).toBe(78);
      const named = said.map((line) => /CAP_\w+/.exec(line)?.[0]).filter((name) => name !== undefined);
      expect(named).toEqual(expect.arrayContaining(['CAP_BPF', 'CAP_SYS_ADMIN', 'CAP_KILL']));
      expect(named).not.toContain('CAP_NET_ADMIN');
    }, 60_000);

    it('takes everything back on release', async () => {
      await putToState(slice());
      await release();
      await expectNothing();
      expect((await readdir(dir)).sort()).not.toContain('desired.json');
    }, 60_000);
  },
  ['root', 'network-namespaces', 'bpf', 'tcx'],
);

async function putToState(desired?: DesiredSlice): Promise<void> {
  const reports = await apply(desired);
  expect(reports.filter(({ stage }) => stage === 'failed')).toEqual([]);
}

/** Starts an agent, gives it a job, and ends it once it said what that came to. */
async function apply(desired?: DesiredSlice): Promise<SliceReport[]> {
  const process = await start();
  process.give(jobFor(desired));
  const reports = await process.next();
  await process.stop();
  return reports ?? [];
}

function jobFor(desired: DesiredSlice | undefined): HostState {
  generation += 1;
  return { host: 'h1', generation, slices: desired ? [desired] : [] };
}

/** An agent in a process inside the host. */
async function start() {
  const main = join(ROOT, 'apps/agent/build/agent-under-test.js');
  const child = host.spawn([...environment(), process.execPath, main], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  agents.add(child);
  child.once('exit', () => agents.delete(child));
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error('the agent has no pipes');
  const lines = createInterface(stdout)[Symbol.asyncIterator]();
  const ended = once(child, 'exit');
  return {
    give(state: HostState, killAt?: number): void {
      stdin.write(`${JSON.stringify({ state, killAt })}\n`);
    },
    /** The next report; undefined when it was killed. */
    async next(): Promise<SliceReport[] | undefined> {
      const line = await lines.next();
      if (line.done !== true) return JSON.parse(line.value) as SliceReport[];
      expect((await ended)[1]).toBe('SIGKILL');
      return undefined;
    },
    async kill(): Promise<void> {
      child.kill('SIGKILL');
      expect((await ended)[1]).toBe('SIGKILL');
    },
    async stop(): Promise<void> {
      stdin.end();
      expect((await ended)[0]).toBe(0);
    },
  };
}

/** What a reboot leaves of a host: nothing but its disk. */
async function reboot(): Promise<void> {
  for (const name of (await readdir('/run/netns')).filter((each) => each.startsWith(`${PREFIX}vnf`))) {
    const pids = lines((await runCommand(['ip', 'netns', 'pids', name])).stdout);
    for (const pid of pids) process.kill(Number(pid), 'SIGKILL');
    await runCommand(['ip', 'netns', 'delete', name]);
  }
  await rm(join(host.bpffs, 'underware'), { recursive: true });
  await waitFor('no device', async () => (await everything()).devices.length === 0);
}

async function programIds(): Promise<number[]> {
  const instances = join(host.bpffs, 'underware', 'instances');
  const shown = (await readdir(instances)).sort().map(async (key) => {
    const command = ['bpftool', '-j', 'prog', 'show', 'pinned', join(instances, key, 'prog')];
    return (JSON.parse((await runCommand(command)).stdout) as { id: number }).id;
  });
  return Promise.all(shown);
}

async function release(): Promise<void> {
  await host.run([...environment(), process.execPath, join(ROOT, 'apps/agent/dist/main.js'), 'release']);
}

function environment(): string[] {
  const values = {
    UNDERWARE_HOST: 'h1',
    UNDERWARE_API: `unix:${join(dir, 'no-api.sock')}`,
    UNDERWARE_TOKEN_FILE: join(dir, 'token'),
    UNDERWARE_QUEUE_URL: 'redis://127.0.0.1:1',
    UNDERWARE_BPFFS: host.bpffs,
    UNDERWARE_STATE_DIR: dir,
    UNDERWARE_TRUSTED_KEYS: join(dir, 'keys'),
  };
  return ['env', ...Object.entries(values).map(([name, value]) => `${name}=${value}`)];
}

async function trustedPackages(): Promise<Map<string, string>> {
  const cache = join(dir, 'packages');
  for (const name of ['keys', 'packages']) await mkdir(join(dir, name), { recursive: true });
  await writeFile(join(dir, 'token'), 'token');
  const key = join(dir, 'test');
  const built = await packagePlugins({
    objects: join(ROOT, 'bpf/build'),
    plugins: join(ROOT, 'bpf'),
    key,
    out: join(dir, 'built'),
  });
  await copyFile(`${key}.pub`, join(dir, 'keys', 'test.pub'));
  for (const { file, digest } of built)
    await copyFile(file, join(cache, `${digest.slice('sha256:'.length)}.tar`));
  return new Map(built.map(({ name, digest }) => [name, digest]));
}

function lines(text: string): string[] {
  return text.split('\n').filter((line) => line !== '');
}

/** What of ours is on the host, asked of the kernel and not of the agent. */
async function everything() {
  const devices = lines((await host.ip('-o', 'link', 'show')).stdout)
    .map((line) => /^\d+: ([^@:]+)/.exec(line)?.[1] ?? '')
    .filter((device) => device !== 'lo');
  const pins = join(host.bpffs, 'underware');
  const roots = await readdir(join(pins, 'roots'), { recursive: true }).catch(() => []);
  const namespaces = (await readdir('/run/netns')).filter((name) => name.startsWith(`${PREFIX}vnf`));
  const processes = await Promise.all(
    namespaces.map(async (name) => lines((await runCommand(['ip', 'netns', 'pids', name])).stdout)),
  );
  return {
    devices: devices.sort(),
    instances: (await readdir(join(pins, 'instances')).catch(() => [])).length,
    links: roots.filter((name) => name.endsWith('/link')).length,
    namespaces: namespaces.sort(),
    processes: processes.flat().length > 0 ? 1 : 0,
  };
}

async function expectNothing(): Promise<void> {
  const nothing = { devices: [], instances: 0, links: 0, namespaces: [], processes: 0 };
  expect(await everything()).toEqual(nothing);
}

function port(n: number): DesiredPort {
  return {
    key: `${SERVICE}/port${n}`,
    kind: 'veth',
    device: `uwta${n}`,
    mac: `02:00:00:00:0${n}:01`,
    mtu: 1500,
    peer: {
      namespace: `${PREFIX}vnf${n}`,
      device: 'eth0',
      mac: `02:00:00:00:0${n}:02`,
      addresses: [`10.61.0.${n + 1}/32`, `fd61::${n + 1}/128`],
    },
  };
}

function member(kind: 'firewall' | 'probe', n: number, hook: Hook, order: number): DesiredInstance {
  const id = `${kind === 'probe' ? 'a' : 'b'}${n}${hook === 'xdp' ? 'c' : 'd'}`.padEnd(16, 'e');
  const model = { rules: [{ name: 'dns', protocol: 'udp', ports: 53, action: 'allow' }] };
  const direction = hook === 'xdp' ? 'outbound' : 'inbound';
  return {
    key: `${id}-00000001`,
    id,
    revision: '00000001',
    underservice: kind,
    plugin: { name: kind, version: '0.1.0', digest: digests.get(kind) ?? '' },
    ...(kind === 'firewall' ? { stateOwner: 'f'.repeat(16) } : {}),
    program: `${kind}_${hook === 'xdp' ? 'xdp' : 'tcx'}`,
    port: `${SERVICE}/port${n}`,
    hook,
    order,
    config: compileUnderservice(kind, kind === 'firewall' ? model : {}, {
      port: `port${n}`,
      direction,
      hook,
      addresses: new Map(),
    }),
    residency: 'dynamic',
  };
}

function slice(): DesiredSlice {
  const small = smallSlice();
  return {
    ...small,
    slice: {
      ...small.slice,
      ports: [port(0), port(1)],
      routes: [0, 1].map((n) => ({ destination: `10.61.0.${n + 1}/32`, via: { device: `uwta${n}` } })),
      instances: [
        ...small.slice.instances,
        member('firewall', 1, 'xdp', 100),
        member('probe', 1, 'tcx/egress', 200),
      ],
    },
  };
}

function smallSlice(): DesiredSlice {
  const packet = { protocol: 'udp' as const, source: '10.61.0.9', destination: '10.61.0.1' };
  const on = { port: `${SERVICE}/port0`, hook: 'tcx/egress' as const };
  return {
    service: SERVICE,
    stage: 'running',
    slice: {
      ports: [port(0)],
      routes: [{ destination: '10.61.0.1/32', via: { device: 'uwta0' } }],
      instances: [member('firewall', 0, 'tcx/egress', 100), member('probe', 0, 'tcx/egress', 200)],
      assertions: [
        { ...on, name: 'dns passes', packet: { ...packet, destinationPort: 53 }, expect: 'pass' },
        { ...on, name: 'the rest does not', packet: { ...packet, destinationPort: 54 }, expect: 'drop' },
      ],
      workloads: [
        {
          key: 'aaaabbbbccccdddd',
          revision: '00000001',
          vnf: 'sleeper',
          runtime: 'process',
          command: ['/bin/sleep', '3600'],
          environment: {},
          cpus: 0.1,
          memoryBytes: 32 << 20,
          namespace: `${PREFIX}vnf0`,
          after: [],
        },
      ],
    },
  };
}
