import type Docker from 'dockerode';
import type { ObservedWorkload } from '@underware/core';
import { LABELS } from './container-options.js';
import { isSandbox } from './sandbox.js';

/** The workloads that a host's containers are. `health`: what the last checks said, by container id. */
export function observedContainers(
  found: Docker.ContainerInspectInfo[],
  health: ReadonlyMap<string, 'healthy' | 'unhealthy'>,
): ObservedWorkload[] {
  const workloads = found
    .filter((info) => !isSandbox(info))
    .map((info) => ({ ...runOf(info), health: health.get(info.Id) ?? ('none' as const) }));
  const keys = new Set(workloads.map(({ key }) => key));
  // A sandbox by itself is what is left of a start that was cut short.
  const cutShort = found
    .filter(isSandbox)
    .map((info) => ({ ...identityOf(info), state: 'exited' as const, health: 'none' as const }))
    .filter(({ key }) => !keys.has(key));
  return [...workloads, ...cutShort];
}

function runOf(info: Docker.ContainerInspectInfo): Omit<ObservedWorkload, 'health'> {
  const { Running: running, Status: status, ExitCode: exitCode, StartedAt: since } = info.State;
  const hasRun = status === 'exited' || status === 'dead' || status === 'stopped';
  return {
    ...identityOf(info),
    state: running ? 'running' : 'exited',
    ...(hasRun && !running ? { exitCode } : {}),
    ...(running ? { startedAt: since } : {}),
  };
}

function identityOf(
  info: Docker.ContainerInspectInfo,
): Pick<ObservedWorkload, 'key' | 'revision' | 'runtime' | 'handle'> {
  return {
    key: info.Config.Labels[LABELS.key] ?? '',
    revision: info.Config.Labels[LABELS.revision] ?? '',
    runtime: 'container',
    handle: info.Id,
  };
}
