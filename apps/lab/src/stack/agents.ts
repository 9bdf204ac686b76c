import type { UnderwareClient } from '@underware/client';
import type { NetnsHost } from '@underware/testkit';
import { join } from 'node:path';
import type { Containers } from './container-engine.js';
import { Daemon } from './daemon.js';
import { enrol } from './enrolment.js';
import { SYSTEM_PATH } from './lab-processes.js';
import { REPOSITORY } from './layout.js';
import type { LabLayout } from './layout.js';
import { UPLINK } from './network.js';
import { untilReady } from './until-ready.js';

const MAIN = join(REPOSITORY, 'apps/agent/dist/main.js');
/** As in its unit file. */
const NODE_FLAGS = ['--max-semi-space-size=2', '--optimize-for-size', '--v8-pool-size=1'];

export interface StackHost {
  name: string;
  id: string;
  network: NetnsHost;
  agent: Daemon;
}

export interface AgentSettings {
  /** As agents reach it. */
  queueUrl: string;
  trustedKeys: string;
  containers: Containers;
  /** Default: the built agent. */
  main?: string | undefined;
}

/** Enrols the hosts, starts an agent in the network namespace of each, and waits until all are ready for work. */
export async function startAgents(
  layout: LabLayout,
  client: UnderwareClient,
  networks: NetnsHost[],
  settings: AgentSettings,
  signal?: AbortSignal,
): Promise<StackHost[]> {
  const hosts = await Promise.all(networks.map((network) => startAgent(layout, client, network, settings)));
  const ready = async (): Promise<boolean> => {
    const known = await client.hosts();
    return hosts.every(({ id }) => known.find((host) => host.id === id)?.ready === true);
  };
  await untilReady(
    layout,
    hosts.map(({ agent }) => agent),
    ready,
    signal,
  );
  return hosts;
}

async function startAgent(
  layout: LabLayout,
  client: UnderwareClient,
  network: NetnsHost,
  settings: AgentSettings,
): Promise<StackHost> {
  const { trustedKeys, containers, main = MAIN } = settings;
  const { id, name, queueUrl, tokenFile } = await enrol(client, layout, network.name, settings.queueUrl);
  const agent = await Daemon.start(layout, {
    role: `agent-${name}`,
    argv: network.commandLine([process.execPath, ...NODE_FLAGS, main]),
    env: {
      PATH: SYSTEM_PATH,
      UNDERWARE_HOST: id,
      UNDERWARE_API: `unix:${layout.apiSocket}`,
      UNDERWARE_TOKEN_FILE: tokenFile,
      UNDERWARE_QUEUE_URL: queueUrl,
      UNDERWARE_BPFFS: network.bpffs,
      UNDERWARE_STATE_DIR: join(layout.data, 'hosts', name, 'state'),
      UNDERWARE_TRUSTED_KEYS: trustedKeys,
      UNDERWARE_UPLINKS: UPLINK,
      ...('socket' in containers ? { UNDERWARE_CONTAINER_SOCKET: containers.socket } : {}),
    },
  });
  return { name, id, network, agent };
}
