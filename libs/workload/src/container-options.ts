import type Docker from 'dockerode';
import type { DesiredWorkload } from '@underware/core';
import type { EngineKind } from './engine.js';

const MAX_PROCESSES = 512;
const STOP_SIGNAL = 'SIGTERM';
/** At most 8 MiB, kept by the engine. Docker's begins anew when its file is full: of two, one is always there to read. */
const LOG_CONFIG: Record<EngineKind, { Type: string; Config: Record<string, string> }> = {
  podman: { Type: 'k8s-file', Config: { 'max-size': '8m' } },
  docker: { Type: 'json-file', Config: { 'max-size': '4m', 'max-file': '2' } },
};

export const LABELS = {
  key: 'underware.key',
  revision: 'underware.revision',
  vnf: 'underware.vnf',
  host: 'underware.host',
  /** Only on containers that are not a VNF's own. */
  role: 'underware.role',
} as const;

/** Where a container runs. */
export interface ContainerPlace {
  engine: EngineKind;
  /** The mark of the host. */
  host: string;
  /** In the engine's words: `ns:/run/netns/NAME`, `container:ID`. */
  network: string;
}

export function containerName(key: string): string {
  return `uw-${key}`;
}

/** By these a container is found again. */
export function labelsOf(workload: DesiredWorkload, host: string): Record<string, string> {
  return {
    [LABELS.key]: workload.key,
    [LABELS.revision]: workload.revision,
    [LABELS.vnf]: workload.vnf,
    [LABELS.host]: host,
  };
}

/** What the engine is asked to run: the VNF's namespace, its limits, and no privilege at all. */
export function containerOptions(
  workload: DesiredWorkload,
  image: string,
  { engine, host, network }: ContainerPlace,
): Docker.ContainerCreateOptions {
  const [program, ...args] = workload.command;
  return {
    name: containerName(workload.key),
    Image: image,
    ...(program === undefined ? {} : { Entrypoint: [program], Cmd: args }),
    Env: Object.entries(workload.environment).map(([name, value]) => `${name}=${value}`),
    Labels: labelsOf(workload, host),
    StopSignal: STOP_SIGNAL,
    HostConfig: {
      NetworkMode: network,
      Memory: Math.floor(workload.memoryBytes),
      MemorySwap: Math.floor(workload.memoryBytes), // memory and swap together: no swap
      NanoCpus: Math.round(workload.cpus * 1e9),
      PidsLimit: MAX_PROCESSES,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      LogConfig: LOG_CONFIG[engine],
      // Asked for by number: the engines' own defaults raise limits, which needs CAP_SYS_RESOURCE.
      Ulimits: [
        { Name: 'nofile', Soft: 20_000, Hard: 20_000 },
        { Name: 'nproc', Soft: 1_000, Hard: 1_000 },
      ],
    },
  };
}
