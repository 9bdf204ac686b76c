import type { Operation } from '@underware/client';
import { UnderwareError } from '@underware/core';
import type { OperationState } from '@underware/core';
import { runCommand, waitFor } from '@underware/testkit';
import { mkdir, readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { freePort } from '../src/stack/free-port.js';
import { DEMO_PROGRAM } from '../src/stack/demo-program.js';
import { countOf, pinnedObjects, remaining } from '../src/stack/kernel-objects.js';
import type { KernelObjects } from '../src/stack/kernel-objects.js';
import { labProcesses } from '../src/stack/lab-processes.js';
import { layoutOf } from '../src/stack/layout.js';
import { labNamespaces } from '../src/stack/namespaces.js';
import type { StackHost } from '../src/stack/agents.js';
import { Stack } from '../src/stack/stack.js';
import type { StackOptions } from '../src/stack/stack.js';
import { removeAll } from '../src/stack/take-down.js';

/** Address of the server of `pair.yaml`; 8080 is let in, 9090 is not, and it listens on both. */
export const SERVER = '10.77.0.10';

const PAIR = fileURLToPath(new URL('pair.yaml', import.meta.url));
/** Generous: within an operation a dozen processes may have to start again on a busy machine. */
const OPERATION_MS = 180_000;

/** A stack of the tests' own in processes of its own; one of the same name that was left behind is removed first. */
export async function startTestStack(name: string, options: Partial<StackOptions> = {}): Promise<Stack> {
  const prefix = `uwt-${name}-`;
  const dir = join(tmpdir(), `uwt-${name}`);
  await removeAll(layoutOf(prefix, dir));
  await mkdir(dir, { recursive: true, mode: 0o755 });
  return Stack.start({ prefix, dir, port: await freePort(0), hosts: 2, containers: false, ...options });
}

export async function removeTestStack(name: string): Promise<void> {
  await removeAll(layoutOf(`uwt-${name}-`, join(tmpdir(), `uwt-${name}`)));
}

export function hostOf(stack: Stack, name: string): StackHost {
  const host = stack.hosts.find((each) => each.name === name);
  if (!host) throw new Error(`the stack has no host ${name}`);
  return host;
}

export async function pairDescriptor(change: (text: string) => string = (text) => text): Promise<string> {
  return change(await readFile(PAIR, 'utf8'));
}

/** Onboards a descriptor and makes a service instance of it; gives back the instance's id. */
export async function createService(stack: Stack, name: string, yaml: string): Promise<string> {
  const { id } = await stack.client.onboardDescriptor(`${name}.yaml`, yaml);
  return (await stack.client.createInstance(id, name, '')).id;
}

/** Starts an operation, also while the orchestrator is killed under the request; gives back its id. */
export async function begin(
  stack: Stack,
  service: string,
  what: 'instantiate' | 'terminate',
): Promise<string> {
  const before = new Set((await operationsOf(stack, service)).map(({ id }) => id));
  await stack.client[what](service).catch((error: unknown) => {
    if (!(error instanceof UnderwareError && error.code === 'HOST_UNREACHABLE')) throw error;
  });
  return waitFor(
    `${what} to be an operation`,
    async () => (await operationsOf(stack, service)).find(({ id }) => !before.has(id))?.id,
    { deadlineMs: OPERATION_MS, everyMs: 50 },
  );
}

async function operationsOf(stack: Stack, service: string): Promise<Operation[]> {
  return (await stack.client.operations()).filter(({ nsInstanceId }) => nsInstanceId === service);
}

const RESTING: readonly OperationState[] = ['COMPLETED', 'FAILED_TEMP', 'FAILED', 'ROLLED_BACK'];

/** Waits for the operation to rest, through restarts of the orchestrator; in another state than the wanted: throws why. */
export async function settle(stack: Stack, operation: string, wanted: OperationState): Promise<Operation> {
  const found = await waitFor(
    `operation ${operation} to rest`,
    async () => {
      const now = await stack.client.operation(operation);
      if (RESTING.includes(now.operationState)) return now;
      throw new Error(
        `${now.operationState} ${now.phase}, waits for ${now.waitsFor?.hosts.join(', ') ?? 'nobody'}`,
      );
    },
    { deadlineMs: OPERATION_MS, everyMs: 50 },
  );
  if (found.operationState === wanted) return found;
  throw new Error(`operation ${operation} is ${found.operationState}: ${JSON.stringify(found.error)}`);
}

/** Name of the network namespace of a VNF. */
export async function namespaceOf(stack: Stack, service: string, vnf: string): Promise<string> {
  const { slices } = await stack.client.planOf(service);
  const workloads = Object.values(slices).flatMap((slice) => slice.workloads);
  const found = workloads.find((workload) => workload.vnf === vnf);
  if (!found) throw new Error(`the plan of ${service} has no VNF ${vnf}`);
  return found.namespace;
}

/** One HTTP request of our own from inside a network namespace. */
export async function reaches(namespace: string, address: string, port: number): Promise<boolean> {
  const check = [DEMO_PROGRAM, 'check', address, String(port)];
  return runCommand(['nsenter', `--net=/run/netns/${namespace}`, '--', ...check]).then(
    () => true,
    () => false,
  );
}

/** What the client of `pair.yaml` reaches: the site and not the admin page, when all is well. */
export async function traffic(stack: Stack, service: string): Promise<{ allowed: boolean; denied: boolean }> {
  const client = await namespaceOf(stack, service, 'client');
  const [allowed, denied] = await Promise.all([8080, 9090].map((port) => reaches(client, SERVER, port)));
  return { allowed: allowed === true, denied: denied === false };
}

export const WELL = { allowed: true, denied: true };

/** Networks of the services of tests and examples; the hosts' own are 10.90 and fd90. */
const SERVICE_ROUTE = /^(?:10\.(?!90\.)|fd(?!90:))/;

/** Everything that services left on the hosts of a stack, in words; `had` is what was noted while they ran. */
export async function remainsOf(stack: Stack, had?: Noted): Promise<string[]> {
  const bpffs = stack.hosts.map(({ network }) => network.bpffs);
  const { vnfs, links } = await labNamespaces(stack.layout.prefix);
  // A process may outlive the name of its namespace.
  for (const link of had?.links ?? []) links.add(link);
  // Not the commands by which agents look at their hosts.
  const processes = (await labProcesses(stack.layout, links)).filter(({ command }) =>
    command.startsWith(DEMO_PROGRAM),
  );
  const left = [
    ...vnfs.map((name) => `namespace ${name}`),
    ...processes.map(({ pid, command }) => `process ${pid} ${command}`),
  ];
  const pinned = countOf(await pinnedObjects(bpffs));
  if (pinned !== NOTHING_PINNED) left.push(`pinned: ${pinned}`);
  for (const { name, network } of stack.hosts) {
    const devices = (await network.ip('-brief', 'link', 'show')).stdout.split('\n');
    left.push(...devices.filter((line) => line.startsWith('uw')).map((line) => `${name}: device ${line}`));
    for (const family of ['-4', '-6']) {
      const routes = (await network.ip(family, 'route', 'show', 'table', 'main')).stdout.split('\n');
      left.push(...routes.filter((line) => SERVICE_ROUTE.test(line)).map((line) => `${name}: route ${line}`));
    }
  }
  if (had) {
    await waitFor('the kernel to free its objects', () => remaining(had.objects).length === 0, {
      deadlineMs: 5_000,
    }).catch(() => left.push(...remaining(had.objects)));
  }
  return left;
}

const NOTHING_PINNED = countOf({ programs: new Set(), maps: new Set(), links: new Set() });

export interface Noted {
  objects: KernelObjects;
  /** Namespaces of hosts and VNFs as `net:[…]`. */
  links: Set<string>;
}

/** What is pinned on the hosts of a stack now, and the namespaces there. */
export async function noteOf(stack: Stack): Promise<Noted> {
  const { links } = await labNamespaces(stack.layout.prefix);
  return { objects: await pinnedObjects(stack.hosts.map(({ network }) => network.bpffs)), links };
}
