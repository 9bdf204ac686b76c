import type { UnderwareClient } from '@underware/client';
import { startEmbeddedPostgres, startLocalRedis } from '@underware/embedded';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { startAgents } from './agents.js';
import type { StackHost } from './agents.js';
import { startContainerEngine } from './container-engine.js';
import type { Containers } from './container-engine.js';
import type { Daemon } from './daemon.js';
import { databaseDirectory } from './database.js';
import { installDemoProgram } from './demo-program.js';
import { layoutOf } from './layout.js';
import type { LabLayout } from './layout.js';
import { makeNetwork } from './network.js';
import { startOrchestrator, tokenFileOf } from './orchestrator.js';
import { buildTrustedPackages, onboardPackages } from './plugins.js';
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
  /** A Redis or Valkey of somebody else's in place of one of our own: its address, and the one that agents reach it by. */
  queueServer?: { url: string; agentUrl: string };
  /** Number of hosts, named h1, h2, …; default 3. */
  hosts?: number;
  /** False runs VNFs as processes even where podman works. Default true. */
  containers?: boolean;
  mode?: StackState['mode'];
  /** Programs that run in place of the built `main.js`; default these. */
  mains?: { orchestrator?: string; agent?: string };
  /** Called when a part of the start begins. */
  onProgress?: (what: string) => void;
  /** Ends the start early; what it made so far is left for `takeDown`. */
  signal?: AbortSignal;
}

interface StackParts {
  layout: LabLayout;
  url: string;
  token: string;
  client: UnderwareClient;
  orchestrator: Daemon;
  hosts: StackHost[];
  containers: Containers;
  databaseUrl: string;
  queueUrl: string;
  trustedKeys: string;
}

/**
 * The whole of Underware on one machine: a Postgres of its own, the orchestrator, and a lab of hosts made of network
 * namespaces, each with its own BPF file system and agent. Everything runs in processes of its own and outlives this one.
 */
export class Stack {
  readonly layout: LabLayout;
  readonly url: string;
  readonly token: string;
  readonly client: UnderwareClient;
  readonly orchestrator: Daemon;
  readonly hosts: StackHost[];
  readonly containers: Containers;
  /** The truth. */
  readonly databaseUrl: string;
  /** What the orchestrator shares work through. */
  readonly queueUrl: string;
  readonly trustedKeys: string;

  private constructor(parts: StackParts) {
    this.layout = parts.layout;
    this.url = parts.url;
    this.token = parts.token;
    this.client = parts.client;
    this.orchestrator = parts.orchestrator;
    this.hosts = parts.hosts;
    this.containers = parts.containers;
    this.databaseUrl = parts.databaseUrl;
    this.queueUrl = parts.queueUrl;
    this.trustedKeys = parts.trustedKeys;
  }

  /** What an earlier run of the same prefix left is taken down first; its data is taken up. */
  static async start(options: StackOptions): Promise<Stack> {
    const { signal, port, queue, queueServer } = options;
    const layout = layoutOf(options.prefix, options.dir);
    const say = (what: string): void => {
      signal?.throwIfAborted();
      options.onProgress?.(what);
    };
    await takeDown(layout);
    await mkdir(layout.data, { recursive: true });
    const names = Array.from({ length: options.hosts ?? 3 }, (_, i) => `h${i + 1}`);

    say(
      `lab: ${names.length} hosts, network namespaces ${names.map((name) => layout.prefix + name).join(', ')}`,
    );
    const networks = await makeNetwork(layout, names);
    say(`embedded Postgres${queue === 'redis' ? ' and redis-server' : ''}`);
    const postgres = await startEmbeddedPostgres({ dir: await databaseDirectory(layout) });
    const ownQueue = async (): Promise<string> =>
      queue === 'redis' ? (await startLocalRedis({ dir: join(layout.run, 'redis') })).url : postgres.queueUrl;
    const queueUrl = queueServer?.url ?? (await ownQueue());
    const agentQueueUrl = queueServer?.agentUrl ?? queueUrl;
    say('plugin packages, signed with the key of this lab');
    const packages = await buildTrustedPackages(layout);
    const { trustedKeys } = packages;
    say('orchestrator');
    const orchestrator = await startOrchestrator(
      layout,
      {
        databaseUrl: postgres.url,
        queueUrl,
        agentQueueUrl,
        trustedKeys,
        port,
        main: options.mains?.orchestrator,
      },
      signal,
    );
    const { client, url, token } = orchestrator;
    for (const kept of await onboardPackages(client, packages)) say(kept);
    say('runtime for VNFs');
    await installDemoProgram();
    const containers: Containers =
      options.containers === false
        ? { unavailable: 'containers were not asked for' }
        : await startContainerEngine(layout);
    say('agents');
    const hosts = await startAgents(
      layout,
      client,
      networks,
      { queueUrl: agentQueueUrl, trustedKeys, containers, main: options.mains?.agent },
      signal,
    );
    const stack = new Stack({
      layout,
      url,
      token,
      client,
      orchestrator: orchestrator.daemon,
      hosts,
      containers,
      databaseUrl: postgres.url,
      queueUrl,
      trustedKeys,
    });
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
      ? 'containers (podman answers)'
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
