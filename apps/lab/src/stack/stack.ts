import { UnderwareClient } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { startEmbeddedPostgres, startLocalRedis } from '@underware/embedded';
import { NetnsLab, waitFor } from '@underware/testkit';
import type { NetnsHost } from '@underware/testkit';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { startContainerEngine } from './container-engine.js';
import type { Containers } from './container-engine.js';
import { Daemon } from './daemon.js';
import { databaseDirectory } from './database.js';
import { installDemoProgram } from './demo-program.js';
import { enrol } from './enrolment.js';
import { layoutOf, REPOSITORY } from './layout.js';
import type { LabLayout } from './layout.js';
import { buildTrustedPackages, onboardPackages } from './plugins.js';
import type { TrustedPackages } from './plugins.js';
import { processStart, writeState } from './state-file.js';
import type { StackState } from './state-file.js';
import { takeDown } from './take-down.js';

export interface StackOptions {
  /** Database, keys, tokens, logs and images; kept by `stop`. */
  dir: string;
  /** Begins the names of the lab's namespaces; labs with different prefixes may run side by side. */
  prefix: string;
  port: number;
  queue?: 'postgres' | 'redis';
  /** Number of hosts, named h1, h2, …; default 3. */
  hosts?: number;
  /** False runs VNFs as processes even where podman works. Default true. */
  containers?: boolean;
  mode?: StackState['mode'];
  /** Called when a part of the start begins. */
  onProgress?: (what: string) => void;
}

export interface StackHost {
  name: string;
  id: string;
  network: NetnsHost;
  agent: Daemon;
}

const READY_MS = 30_000;
const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/**
 * The whole of Underware on one machine: a Postgres of its own, the orchestrator, and a lab of hosts made of network
 * namespaces, each with its own BPF file system and agent. Everything runs in processes of its own and outlives this one.
 */
export class Stack {
  private constructor(
    readonly layout: LabLayout,
    readonly url: string,
    readonly token: string,
    readonly client: UnderwareClient,
    readonly orchestrator: Daemon,
    readonly hosts: StackHost[],
    readonly containers: Containers,
    /** What the orchestrator and the agents share work through. */
    readonly queueUrl: string,
    readonly trustedKeys: string,
  ) {}

  /** What an earlier run of the same prefix left is taken down first; its data is taken up. */
  static async start(options: StackOptions): Promise<Stack> {
    const layout = layoutOf(options.prefix, options.dir);
    const say = options.onProgress ?? (() => undefined);
    await takeDown(layout);
    await mkdir(layout.data, { recursive: true });
    const names = Array.from({ length: options.hosts ?? 3 }, (_, i) => `h${i + 1}`);

    say(`Lab of ${names.length} hosts: network namespaces ${names.map((n) => layout.prefix + n).join(', ')}`);
    const networks = await makeLab(layout, names);
    say('Postgres');
    const postgres = await startEmbeddedPostgres({ dir: await databaseDirectory(layout) });
    const queueUrl = await queueOf(layout, options, postgres.queueUrl, say);
    say('Plugin packages, built and signed');
    const packages = await buildTrustedPackages(layout);
    say('Orchestrator');
    const { daemon, url, token } = await startOrchestrator(layout, options.port, {
      UNDERWARE_DATABASE_URL: postgres.url,
      UNDERWARE_QUEUE_URL: queueUrl,
      UNDERWARE_TRUSTED_KEYS: packages.trustedKeys,
    });
    const client = new UnderwareClient({ url, token });
    await onboardPackages(client, packages);
    say('Runtime for VNFs');
    await installDemoProgram();
    const containers = await containersOf(layout, options);
    say('Agents');
    const hosts = await startAgents(layout, client, networks, packages, containers);
    const stack = new Stack(
      layout,
      url,
      token,
      client,
      daemon,
      hosts,
      containers,
      queueUrl,
      packages.trustedKeys,
    );
    await writeState(layout, await stack.state(options));
    return stack;
  }

  /** Takes everything down; the data stays for the next start. */
  async stop(): Promise<void> {
    await takeDown(this.layout);
  }

  get tokenFile(): string {
    return tokenFileOf(this.layout);
  }

  /** `containers (podman)`, or `processes, because …`. */
  get runtime(): string {
    return 'socket' in this.containers
      ? 'containers (podman)'
      : `processes, because ${this.containers.unavailable}`;
  }

  private async state(options: StackOptions): Promise<StackState> {
    return {
      url: this.url,
      socket: this.layout.apiSocket,
      tokenFile: this.tokenFile,
      data: this.layout.data,
      queue: options.queue ?? 'postgres',
      mode: options.mode ?? 'up',
      owner: { pid: process.pid, startedAt: (await processStart(process.pid)) ?? '' },
      hosts: this.hosts.map(({ name, id, network }) => ({
        name,
        id,
        namespace: network.namespace,
        bpffs: network.bpffs,
      })),
      runtime: this.runtime,
    };
  }
}

/** Hosts on one switch: 10.90.0.N/24 and fd90::N/64 on `uplink0`. */
async function makeLab(layout: LabLayout, names: string[]): Promise<NetnsHost[]> {
  const lab = await NetnsLab.create({ prefix: layout.prefix, directory: layout.run });
  const hosts: NetnsHost[] = [];
  for (const name of names) hosts.push(await lab.addHost(name));
  for (const host of hosts) await host.enableForwarding();
  const ends = hosts.map((host, i) => ({
    host,
    device: 'uplink0',
    addresses: [`10.90.0.${i + 1}/24`, `fd90::${i + 1}/64`],
  }));
  await lab.addFabric('fabric', ends);
  return hosts;
}

async function queueOf(
  layout: LabLayout,
  options: StackOptions,
  postgres: string,
  say: (what: string) => void,
): Promise<string> {
  if (options.queue !== 'redis') return postgres;
  say('Redis for the queues');
  return (await startLocalRedis({ dir: join(layout.run, 'redis') })).url;
}

function tokenFileOf(layout: LabLayout): string {
  return join(layout.data, 'orchestrator', 'admin.token');
}

async function startOrchestrator(
  layout: LabLayout,
  port: number,
  settings: Record<string, string>,
): Promise<{ daemon: Daemon; url: string; token: string }> {
  const state = join(layout.data, 'orchestrator');
  await mkdir(state, { recursive: true, mode: 0o700 });
  const daemon = await Daemon.start(layout, {
    role: 'orchestrator',
    argv: [process.execPath, join(REPOSITORY, 'apps/orchestrator/dist/main.js'), 'all'],
    env: {
      ...settings,
      PATH,
      UNDERWARE_LISTEN: `127.0.0.1:${port}`,
      UNDERWARE_SOCKET: layout.apiSocket,
      UNDERWARE_STATE_DIR: state,
    },
  });
  const url = `http://127.0.0.1:${port}`;
  const token = await untilReady(layout, [daemon], async () => {
    const found = (await readFile(tokenFileOf(layout), 'utf8')).trim();
    await new UnderwareClient({ url, token: found }).hosts();
    return found;
  });
  return { daemon, url, token };
}

async function containersOf(layout: LabLayout, { containers }: StackOptions): Promise<Containers> {
  return containers === false
    ? { unavailable: 'containers were not asked for' }
    : startContainerEngine(layout);
}

async function startAgents(
  layout: LabLayout,
  client: UnderwareClient,
  networks: NetnsHost[],
  packages: TrustedPackages,
  containers: Containers,
): Promise<StackHost[]> {
  const hosts = await Promise.all(
    networks.map(async (network) => {
      const { id, name, queueUrl, tokenFile } = await enrol(client, layout, network.name);
      const agent = await Daemon.start(layout, {
        role: `agent-${name}`,
        argv: network.commandLine([process.execPath, join(REPOSITORY, 'apps/agent/dist/main.js')]),
        env: {
          PATH,
          UNDERWARE_HOST: id,
          UNDERWARE_API: `unix:${layout.apiSocket}`,
          UNDERWARE_TOKEN_FILE: tokenFile,
          UNDERWARE_QUEUE_URL: queueUrl,
          UNDERWARE_BPFFS: network.bpffs,
          UNDERWARE_STATE_DIR: join(layout.data, 'hosts', name, 'state'),
          UNDERWARE_TRUSTED_KEYS: packages.trustedKeys,
          UNDERWARE_UPLINKS: 'uplink0',
          ...('socket' in containers ? { UNDERWARE_CONTAINER_SOCKET: containers.socket } : {}),
        },
      });
      return { name, id, network, agent };
    }),
  );
  await untilReady(
    layout,
    hosts.map(({ agent }) => agent),
    async () => {
      const known = await client.hosts();
      return hosts.every(({ id }) => known.find((host) => host.id === id)?.ready === true);
    },
  );
  return hosts;
}

/** Waits for what the daemons must come to; one that ends instead is told at once, with the end of its log. */
async function untilReady<T>(
  layout: LabLayout,
  daemons: Daemon[],
  ready: () => Promise<T>,
): Promise<NonNullable<T>> {
  const roles = daemons.map(({ role }) => role).join(', ');
  const outcome = await waitFor(
    `${roles} to be ready`,
    async () => {
      for (const daemon of daemons) if (!(await daemon.isRunning())) return { ended: daemon.role };
      const value = await ready();
      return value ? { value } : undefined;
    },
    { deadlineMs: READY_MS, everyMs: 50 },
  );
  if ('value' in outcome) return outcome.value;
  const file = join(layout.logs, `${outcome.ended}.log`);
  const log = await readFile(file, 'utf8').catch(() => '');
  throw new UnderwareError({
    code: 'INTERNAL',
    attempted: `start ${outcome.ended}`,
    on: layout.run,
    why: 'it ended',
    remedy: `Read ${file}; its end is below`,
    detail: log.trimEnd().split('\n').slice(-20).join('\n'),
  });
}
