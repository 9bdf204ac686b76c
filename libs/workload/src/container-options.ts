import type Docker from 'dockerode';
import type { DesiredWorkload } from '@underware/core';

const MAX_PROCESSES = 512;
const LOG_MAX_SIZE = '8m';
const STOP_SIGNAL = 'SIGTERM';

export const LABELS = {
  key: 'underware.key',
  revision: 'underware.revision',
  vnf: 'underware.vnf',
  host: 'underware.host',
} as const;

export function containerName(key: string): string {
  return `uw-${key}`;
}

/** What the engine is asked to run: the VNF's namespace, its limits, and no privilege at all. */
export function containerOptions(
  workload: DesiredWorkload,
  image: string,
  host: string,
): Docker.ContainerCreateOptions {
  const [program, ...args] = workload.command;
  return {
    name: containerName(workload.key),
    Image: image,
    ...(program === undefined ? {} : { Entrypoint: [program], Cmd: args }),
    Env: Object.entries(workload.environment).map(([name, value]) => `${name}=${value}`),
    Labels: {
      [LABELS.key]: workload.key,
      [LABELS.revision]: workload.revision,
      [LABELS.vnf]: workload.vnf,
      [LABELS.host]: host,
    },
    StopSignal: STOP_SIGNAL,
    HostConfig: {
      NetworkMode: `ns:/run/netns/${workload.namespace}`,
      Memory: Math.floor(workload.memoryBytes),
      MemorySwap: Math.floor(workload.memoryBytes), // memory and swap together: no swap
      NanoCpus: Math.round(workload.cpus * 1e9),
      PidsLimit: MAX_PROCESSES,
      CapDrop: ['ALL'],
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'k8s-file', Config: { 'max-size': LOG_MAX_SIZE } },
      // Asked for by number: the engines' own defaults raise limits, which needs CAP_SYS_RESOURCE.
      Ulimits: [
        { Name: 'nofile', Soft: 20_000, Hard: 20_000 },
        { Name: 'nproc', Soft: 1_000, Hard: 1_000 },
      ],
    },
  };
}
