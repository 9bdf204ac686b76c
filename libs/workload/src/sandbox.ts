import { access, readlink, stat } from 'node:fs/promises';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type Docker from 'dockerode';
import { type DesiredWorkload, UnderwareError } from '@underware/core';
import type { Attempt } from './attempt.js';
import { LABELS, containerName, labelsOf } from './container-options.js';
import { textOf } from './container-output.js';
import { removeByForce } from './engine.js';

/** Built by the set-up from `native/uw-sandbox.c`. */
const PROGRAM = fileURLToPath(new URL('../build/uw-sandbox', import.meta.url));
const JOIN_TIMEOUT_MS = 5_000;
const POLL_MS = 5;
const ROLE = 'sandbox';

export function sandboxName(key: string): string {
  return `${containerName(key)}-${ROLE}`;
}

export function isSandbox({ Config: config }: Docker.ContainerInspectInfo): boolean {
  return config.Labels[LABELS.role] === ROLE;
}

/** Why no sandbox can be used with this engine; undefined where one can. */
export async function sandboxObstacle(docker: Docker): Promise<string | undefined> {
  const { SecurityOptions: options } = (await docker.info()) as { SecurityOptions?: string[] | null };
  // Root of another user namespace may not enter network namespaces of the host.
  if (options?.some((option) => /^name=(userns|rootless)(,|$)/.test(option)))
    return 'it maps users (rootless, or userns-remap), and its containers may not enter namespaces of the host';
  const isBuilt = await access(PROGRAM).then(
    () => true,
    () => false,
  );
  return isBuilt ? undefined : `${PROGRAM} is not there`;
}

/**
 * For Docker's engine, which joins no namespace by its path: starts a container from within the VNF's namespace, by way of
 * a sandbox, a container whose only process went there. The engine looks for that process when it starts another
 * container with the network `container:<sandbox>`. Afterwards the sandbox is removed: the container keeps its namespace.
 *
 * `start` is given that network. A sandbox that stays behind a crash is removed with its workload.
 */
export async function startBySandbox(
  docker: Docker,
  workload: DesiredWorkload,
  image: string,
  host: string,
  attempt: Attempt,
  start: (network: string) => Promise<Docker.Container>,
): Promise<void> {
  const namespace = await namespaceLink(workload.namespace, attempt);
  const sandbox = await docker.createContainer(sandboxOptions(workload, image, host));
  try {
    await sandbox.start();
    const pid = await joined(sandbox, namespace, attempt);
    const container = await start(`container:${sandbox.id}`);
    if ((await sandbox.inspect()).State.Pid !== pid) {
      // The engine may have taken a process for the sandbox's that was given its number.
      await removeByForce(container);
      throw failure(attempt, 'the sandbox that was to lend it its network namespace ended too early');
    }
  } finally {
    await removeByForce(sandbox);
  }
}

/** The one right is for entering the namespace; the program gives it up then. */
export function sandboxOptions(
  workload: DesiredWorkload,
  image: string,
  host: string,
): Docker.ContainerCreateOptions {
  const program = '/underware/sandbox';
  const namespace = '/underware/namespace';
  return {
    name: sandboxName(workload.key),
    // Only as a file system to stand in: nothing of it is read or run.
    Image: image,
    Entrypoint: [program],
    Cmd: [namespace],
    Env: ['GLIBC_TUNABLES='],
    User: '0:0',
    WorkingDir: '/',
    Healthcheck: { Test: ['NONE'] },
    StopSignal: 'SIGKILL',
    Labels: { ...labelsOf(workload, host), [LABELS.role]: ROLE },
    HostConfig: {
      NetworkMode: 'none',
      ReadonlyRootfs: true,
      CapDrop: ['ALL'],
      CapAdd: ['SYS_ADMIN'],
      SecurityOpt: ['no-new-privileges'],
      RestartPolicy: { Name: 'no' },
      LogConfig: { Type: 'json-file', Config: { 'max-size': '64k' } },
      Mounts: [
        { Type: 'bind', Source: PROGRAM, Target: program, ReadOnly: true },
        { Type: 'bind', Source: pathOf(workload.namespace), Target: namespace, ReadOnly: true },
      ],
    },
  };
}

/** Waits until the sandbox's process is in the namespace; returns its number. */
async function joined(sandbox: Docker.Container, namespace: string, attempt: Attempt): Promise<number> {
  const deadline = Date.now() + JOIN_TIMEOUT_MS;
  for (;;) {
    const { Running: running, Pid: pid } = (await sandbox.inspect()).State;
    if (!running) {
      const said = textOf(await sandbox.logs({ stdout: true, stderr: true, follow: false })).trim();
      throw failure(attempt, `its network namespace could not be entered: ${said}`);
    }
    const link = await readlink(`/proc/${pid}/ns/net`).catch((error: Error) => error.message);
    if (link === namespace) return pid;
    if (Date.now() > deadline)
      throw failure(attempt, `its sandbox did not come to ${namespace} within 5 s: ${link}`);
    await pause(POLL_MS);
  }
}

async function namespaceLink(name: string, attempt: Attempt): Promise<string> {
  const file = await stat(pathOf(name)).catch(() => undefined);
  if (file === undefined) throw failure(attempt, `its network namespace ${name} is not there`);
  return `net:[${file.ino}]`;
}

function pathOf(namespace: string): string {
  return `/run/netns/${namespace}`;
}

function failure(attempt: Attempt, why: string): UnderwareError {
  return new UnderwareError({
    code: 'WORKLOAD_FAILED',
    ...attempt,
    why,
    remedy:
      'Check that the engine runs on this host and sees /run/netns (no MountFlags=private in its unit), then retry.',
  });
}
