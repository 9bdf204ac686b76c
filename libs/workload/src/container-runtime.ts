import type Docker from 'dockerode';
import {
  type DesiredWorkload,
  type HealthCheck,
  type ObservedWorkload,
  UnderwareError,
} from '@underware/core';
import type { Attempt } from './attempt.js';
import { LABELS, containerName, containerOptions } from './container-options.js';
import { textOf } from './container-output.js';
import { connect, engineError, LOOK_TIMEOUT_MS, readVersion, statusOf } from './engine.js';
import { endExecMonitor, terminate } from './exec-monitor.js';
import { describeWorkload, waitUntilHealthy } from './health.js';
import { checkKey, checkWorkload, hostMark } from './names.js';
import { type ProbeResult, probePort } from './probe.js';
import type { WorkloadRuntime } from './workload-runtime.js';

const STOP_TIMEOUT_MS = 10_000;
const EXEC_END_MS = 5_000;

export interface ContainerRuntimeOptions {
  /** Path of the UNIX socket of a Podman service. */
  socket: string;
  /** How long a workload may take to end after SIGTERM before it is killed; whole seconds, default 10 s. */
  stopTimeoutMs?: number;
}

/**
 * Runs a VNF as a container that joins the VNF's network namespace by its path. Podman can do that; Docker's engine
 * only joins the namespace of another container, so it is refused.
 */
export class ContainerRuntime implements WorkloadRuntime {
  readonly runtime = 'container';
  private readonly docker: Docker;
  private readonly looking: Docker;
  /** What the last check of this agent's life said, by container id. */
  private readonly health = new Map<string, 'healthy' | 'unhealthy'>();

  constructor(private readonly options: ContainerRuntimeOptions) {
    this.docker = connect(options.socket);
    this.looking = connect(options.socket, LOOK_TIMEOUT_MS);
  }

  async describe(): Promise<string | undefined> {
    try {
      const { kind, description } = await readVersion(this.looking);
      return kind === 'podman' ? description : undefined;
    } catch {
      return undefined;
    }
  }

  async observe(): Promise<ObservedWorkload[]> {
    return this.ask({ attempted: 'observe workloads', on: this.options.socket }, async () => {
      const label = `${LABELS.host}=${await hostMark()}`;
      const listed = await this.looking.listContainers({ all: true, filters: { label: [label] } });
      const found = await Promise.all(listed.map(({ Id: id }) => this.inspect(id, this.looking)));
      return found.filter((info) => info !== undefined).map((info) => this.toObserved(info));
    });
  }

  async start(workload: DesiredWorkload): Promise<void> {
    checkWorkload(workload);
    const attempt = { attempted: 'start workload', on: describeWorkload(workload) };
    await this.ask(attempt, async () => {
      await this.requirePodman(attempt);
      const present = await this.ownContainer(workload.key, attempt);
      const isSame = present?.Config.Labels[LABELS.revision] === workload.revision;
      if (present !== undefined && isSame && present.State.Running) return;
      if (present !== undefined) await this.remove(present.Id);
      const image = await this.requireImage(workload, attempt);
      const options = containerOptions(workload, image, await hostMark());
      const container = await this.docker.createContainer(options);
      try {
        await container.start();
      } catch (error) {
        await this.remove(container.id);
        throw error;
      }
    });
  }

  async stop(key: string): Promise<void> {
    const attempt = { attempted: 'stop workload', on: `container ${containerName(checkKey(key))}` };
    await this.ask(attempt, async () => {
      const present = await this.ownContainer(key, attempt);
      if (present !== undefined) await this.remove(present.Id);
    });
  }

  async checkHealth(workload: DesiredWorkload, signal?: AbortSignal): Promise<void> {
    checkWorkload(workload);
    const attempt = { attempted: 'check health', on: describeWorkload(workload) };
    const id = (await this.ask(attempt, async () => this.ownContainer(workload.key, attempt)))?.Id ?? '';
    try {
      await waitUntilHealthy(
        workload,
        {
          observe: async () => (await this.observe()).find(({ key }) => key === workload.key),
          log: (lines) => this.logs(workload.key, { tail: lines }),
          probe: (check) =>
            check.kind === 'command' ? this.probeCommand(id, check) : probePort(check, workload.namespace),
        },
        signal,
      );
      this.health.set(id, 'healthy');
    } catch (error) {
      if (!signal?.aborted) this.health.set(id, 'unhealthy');
      throw error;
    }
  }

  async logs(key: string, { tail }: { tail: number }): Promise<string> {
    const attempt = { attempted: 'read logs', on: `container ${containerName(checkKey(key))}` };
    return this.ask(attempt, async () => {
      const present = await this.ownContainer(key, attempt);
      if (present === undefined || tail <= 0) return '';
      const container = this.docker.getContainer(present.Id);
      return textOf(await container.logs({ stdout: true, stderr: true, follow: false, tail }));
    });
  }

  private async ask<T>(attempt: Attempt, call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      throw engineError(error, attempt);
    }
  }

  private async requirePodman(attempt: Attempt): Promise<void> {
    const { kind, description } = await readVersion(this.looking);
    if (kind === 'podman') return;
    throw new UnderwareError({
      code: 'RUNTIME_UNAVAILABLE',
      ...attempt,
      why: `${description} cannot start a container in a network namespace that is there already`,
      remedy: 'Give the agent a Podman socket, or let the VNF run as a process.',
    });
  }

  private async requireImage(workload: DesiredWorkload, attempt: Attempt): Promise<string> {
    const { image } = workload;
    if (image === undefined)
      throw new UnderwareError({
        code: 'PAYLOAD_INVALID',
        ...attempt,
        why: 'a container needs an image, and it has none',
        remedy: 'Give the VNF an image in the descriptor.',
      });
    try {
      await this.docker.getImage(image).inspect();
      return image;
    } catch (error) {
      if (statusOf(error) !== 404) throw error;
      throw new UnderwareError(
        {
          code: 'WORKLOAD_FAILED',
          ...attempt,
          why: `the container engine of this host has no image ${image}`,
          remedy: `Bring it there with \`podman pull\`, \`podman load\` or \`podman import\`, then retry.`,
        },
        { cause: error },
      );
    }
  }

  private async inspect(id: string, docker = this.docker): Promise<Docker.ContainerInspectInfo | undefined> {
    try {
      return await docker.getContainer(id).inspect();
    } catch (error) {
      if (statusOf(error) === 404) return undefined;
      throw error;
    }
  }

  /** The container of a key, if it is this host's; one of that name that is not ours is never touched. */
  private async ownContainer(
    key: string,
    attempt: Attempt,
  ): Promise<Docker.ContainerInspectInfo | undefined> {
    const found = await this.inspect(containerName(key));
    if (found === undefined || found.Config.Labels?.[LABELS.host] === (await hostMark())) return found;
    throw new UnderwareError({
      code: 'WORKLOAD_FAILED',
      ...attempt,
      why: `a container ${containerName(key)} that is not of this host is there already`,
      remedy: 'Remove or rename it if it is yours, then retry; it was not touched.',
    });
  }

  private async remove(id: string): Promise<void> {
    const container = this.docker.getContainer(id);
    const seconds = Math.ceil((this.options.stopTimeoutMs ?? STOP_TIMEOUT_MS) / 1000);
    await container.stop({ t: seconds }).catch(ignore(304, 404, 409, 500)); // removal by force decides
    await container.remove({ force: true, v: true }).catch(ignore(404));
    this.health.delete(id);
  }

  private async probeCommand(id: string, check: HealthCheck): Promise<ProbeResult> {
    const timeoutMs = check.timeoutSeconds * 1000;
    const exec = await this.docker
      .getContainer(id)
      .exec({ Cmd: check.command ?? [], AttachStdout: true, AttachStderr: true });
    const stream = await exec.start({});
    const timedOut = new Promise<undefined>((resolve) => {
      setTimeout(() => resolve(undefined), timeoutMs).unref();
    });
    const framed = await Promise.race([readAll(stream), timedOut]);
    stream.destroy();
    if (framed === undefined) {
      const { Pid: pid } = await exec.inspect();
      if (pid > 0) terminate(pid, 'SIGKILL');
    }
    const exitCode = await exitCodeOf(exec);
    await endExecMonitor(exec.id);
    if (framed === undefined) return { healthy: false, output: `no answer within ${timeoutMs} ms` };
    return { healthy: exitCode === 0, output: textOf(framed).trim() || `ended with exit code ${exitCode}` };
  }

  private toObserved(info: Docker.ContainerInspectInfo): ObservedWorkload {
    const { Running: running, Status: status, ExitCode: exitCode, StartedAt: since } = info.State;
    const hasRun = status === 'exited' || status === 'dead' || status === 'stopped';
    return {
      key: info.Config.Labels[LABELS.key] ?? '',
      revision: info.Config.Labels[LABELS.revision] ?? '',
      runtime: 'container',
      state: running ? 'running' : 'exited',
      handle: info.Id,
      ...(hasRun && !running ? { exitCode } : {}),
      health: this.health.get(info.Id) ?? 'none',
      ...(running ? { startedAt: since } : {}),
    };
  }
}

function ignore(...statuses: number[]): (error: unknown) => void {
  return (error) => {
    if (!statuses.includes(statusOf(error) ?? 0)) throw error;
  };
}

/** The engine learns of the end of a command a moment after its output has ended. */
async function exitCodeOf(exec: Docker.Exec): Promise<number | undefined> {
  const deadline = Date.now() + EXEC_END_MS;
  for (;;) {
    const { Running: running, ExitCode: code } = await exec.inspect();
    if (!running) return code ?? undefined;
    if (Date.now() > deadline) return undefined;
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

async function readAll(stream: NodeJS.ReadableStream): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
