import type Docker from 'dockerode';
import {
  type DesiredWorkload,
  type HealthCheck,
  type ObservedWorkload,
  UnderwareError,
} from '@underware/core';
import type { Attempt } from './attempt.js';
import { type ContainerPlace, LABELS, containerName, containerOptions } from './container-options.js';
import { textOf } from './container-output.js';
import {
  connect,
  type EngineKind,
  type EngineVersion,
  engineError,
  LOOK_TIMEOUT_MS,
  readVersion,
  removeByForce,
  statusOf,
} from './engine.js';
import { endExecMonitor, terminate } from './exec-monitor.js';
import { describeWorkload, waitUntilHealthy } from './health.js';
import { checkKey, checkWorkload, hostMark } from './names.js';
import { observedContainers } from './observed-containers.js';
import { type ProbeResult, probePort } from './probe.js';
import { sandboxName, sandboxObstacle, startBySandbox } from './sandbox.js';
import type { WorkloadRuntime } from './workload-runtime.js';

const STOP_TIMEOUT_MS = 10_000;
const EXEC_END_MS = 5_000;

export interface ContainerRuntimeOptions {
  /** Path of the UNIX socket of Podman's service or of Docker's engine. */
  socket: string;
  /** How long a workload may take to end after SIGTERM before it is killed; whole seconds, default 10 s. */
  stopTimeoutMs?: number;
}

/** Runs a VNF as a container that joins the VNF's network namespace: Podman by its path, Docker's engine by a sandbox. */
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
      const { description, obstacle } = await this.readEngine();
      return obstacle === undefined ? description : undefined;
    } catch {
      return undefined;
    }
  }

  async observe(): Promise<ObservedWorkload[]> {
    return this.ask({ attempted: 'observe workloads', on: this.options.socket }, async () => {
      const label = `${LABELS.host}=${await hostMark()}`;
      const listed = await this.looking.listContainers({ all: true, filters: { label: [label] } });
      const found = await Promise.all(listed.map(({ Id: id }) => this.inspect(id, this.looking)));
      return observedContainers(
        found.filter((info) => info !== undefined),
        this.health,
      );
    });
  }

  async start(workload: DesiredWorkload): Promise<void> {
    checkWorkload(workload);
    const attempt = { attempted: 'start workload', on: describeWorkload(workload) };
    await this.ask(attempt, async () => {
      const engine = await this.requireEngine(attempt);
      const present = await this.ownContainer(containerName(workload.key), attempt);
      const isSame = present?.Config.Labels[LABELS.revision] === workload.revision;
      if (present !== undefined && isSame && present.State.Running) return;
      await this.removeAll(workload.key, attempt);
      const image = await this.requireImage(workload, engine, attempt);
      const host = await hostMark();
      const launch = (network: string): Promise<Docker.Container> =>
        this.launch(workload, image, { engine, host, network });
      if (engine === 'podman') await launch(`ns:/run/netns/${workload.namespace}`);
      else await startBySandbox(this.docker, workload, image, host, attempt, launch);
    });
  }

  async stop(key: string): Promise<void> {
    const attempt = { attempted: 'stop workload', on: `container ${containerName(checkKey(key))}` };
    await this.ask(attempt, () => this.removeAll(key, attempt));
  }

  async checkHealth(workload: DesiredWorkload, signal?: AbortSignal): Promise<void> {
    checkWorkload(workload);
    const attempt = { attempted: 'check health', on: describeWorkload(workload) };
    const name = containerName(workload.key);
    const id = (await this.ask(attempt, async () => this.ownContainer(name, attempt)))?.Id ?? '';
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
      const present = await this.ownContainer(containerName(key), attempt);
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

  private async launch(
    workload: DesiredWorkload,
    image: string,
    place: ContainerPlace,
  ): Promise<Docker.Container> {
    const container = await this.docker.createContainer(containerOptions(workload, image, place));
    try {
      await container.start();
      return container;
    } catch (error) {
      await this.remove(container.id);
      throw error;
    }
  }

  /** `obstacle`: why it cannot be used. */
  private async readEngine(): Promise<EngineVersion & { obstacle: string | undefined }> {
    const version = await readVersion(this.looking);
    return { ...version, obstacle: await obstacleOf(version, this.looking) };
  }

  private async requireEngine(attempt: Attempt): Promise<EngineKind> {
    const { kind, description, obstacle } = await this.readEngine();
    if (kind !== 'other' && obstacle === undefined) return kind;
    throw new UnderwareError({
      code: 'RUNTIME_UNAVAILABLE',
      ...attempt,
      why: `${description} cannot start a container in a network namespace that is there already: ${obstacle}`,
      remedy: 'Mend that, give the agent the socket of another engine, or let the VNF run as a process.',
    });
  }

  private async requireImage(
    workload: DesiredWorkload,
    engine: EngineKind,
    attempt: Attempt,
  ): Promise<string> {
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
          remedy: `Bring it there with \`${engine} pull\`, \`${engine} load\` or \`${engine} import\`, then retry.`,
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

  /** The container of a name, if it is this host's; one that is not ours is never touched. */
  private async ownContainer(
    name: string,
    attempt: Attempt,
  ): Promise<Docker.ContainerInspectInfo | undefined> {
    const found = await this.inspect(name);
    if (found === undefined || found.Config.Labels?.[LABELS.host] === (await hostMark())) return found;
    throw new UnderwareError({
      code: 'WORKLOAD_FAILED',
      ...attempt,
      why: `a container ${name} that is not of this host is there already`,
      remedy: 'Remove or rename it if it is yours, then retry; it was not touched.',
    });
  }

  /** All that is there for a key. The sandbox goes last: by itself it still tells of the workload. */
  private async removeAll(key: string, attempt: Attempt): Promise<void> {
    const [workload, sandbox] = await Promise.all([
      this.ownContainer(containerName(key), attempt),
      this.ownContainer(sandboxName(key), attempt),
    ]);
    if (workload !== undefined) await this.remove(workload.Id);
    if (sandbox !== undefined) await removeByForce(this.docker.getContainer(sandbox.Id));
  }

  private async remove(id: string): Promise<void> {
    const container = this.docker.getContainer(id);
    const seconds = Math.ceil((this.options.stopTimeoutMs ?? STOP_TIMEOUT_MS) / 1000);
    await container.stop({ t: seconds }).catch(ignore(304, 404, 409, 500)); // removal by force decides
    await removeByForce(container);
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
}

async function obstacleOf({ kind }: EngineVersion, docker: Docker): Promise<string | undefined> {
  if (kind === 'podman') return undefined;
  return kind === 'docker' ? sandboxObstacle(docker) : "it is neither Podman nor Docker's engine";
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
