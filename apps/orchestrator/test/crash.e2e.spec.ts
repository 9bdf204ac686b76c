import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { waitFor } from '@underware/testkit';
import { execFileSync, spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { Api } from './api.spec-support.js';
import { twoVnfs } from './descriptor.spec-support.js';
import { FakeAgent } from './fake-agent.spec-support.js';
import { configurationOver } from './orchestrator.spec-support.js';
import { BACKENDS, startServers, sweepServers } from './servers.spec-support.js';
import type { Servers } from './servers.spec-support.js';

const prefix = 'uwt-orchestrator-crash-';
const root = fileURLToPath(new URL('../../..', import.meta.url));
const main = fileURLToPath(new URL('dying-main.mjs', import.meta.url));

/** Every point that an operation over hosts passes, at each of which the process is killed once. */
const EVERY_TRANSITION = {
  instantiate: [
    'plan planning decided',
    'plan planning committed',
    'plan planning dispatched',
    'ask starting decided',
    'ask starting committed',
    'ask starting dispatched',
    'finish starting decided',
    'finish starting committed',
  ],
  terminate: [
    'ask stopping decided',
    'ask stopping committed',
    'ask stopping dispatched',
    'ask unconditioning decided',
    'ask unconditioning committed',
    'ask unconditioning dispatched',
    'finish unconditioning decided',
    'finish unconditioning committed',
  ],
} as const;

interface Child {
  api: Api;
  /** The newest transition that it recorded. */
  last(): string | undefined;
  /** Makes the n-th transition from now on its last one. */
  arm(n: number): Promise<void>;
  exited: Promise<string>;
  process: ChildProcess;
}

async function newestOperation(api: Api, instance: string): Promise<string> {
  const query = `/nslcm/v1/ns_lcm_op_occs?nsInstanceId=${instance}`;
  const operations = await api.expect<{ id: string }[]>(200, 'GET', query);
  return `/nslcm/v1/ns_lcm_op_occs/${operations.at(-1)?.id ?? ''}`;
}

async function stop(child: Child): Promise<void> {
  child.process.kill('SIGTERM');
  expect(await child.exited).toBe('0');
}

beforeAll(async () => {
  await sweepServers(prefix);
  // The children run what was built: this makes sure that it is what is tested.
  execFileSync('npx', ['tsc', '-b', 'apps/orchestrator'], { cwd: root, stdio: 'inherit' });
}, 300_000);
afterAll(() => sweepServers(prefix));

describe.each(BACKENDS)('an orchestrator killed at any transition, with queues on %s', (kind) => {
  let servers: Servers;
  const agents: FakeAgent[] = [];
  const children = new Set<ChildProcess>();

  async function run(): Promise<Child> {
    const configuration = configurationOver(servers);
    const child = spawn(process.execPath, [main, JSON.stringify(configuration)], {
      env: { ...process.env, NODE_OPTIONS: '' },
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    children.add(child);
    let address: string | undefined;
    let last: string | undefined;
    let armed = 0;
    createInterface({ input: child.stdout }).on('line', (line) => {
      const said = JSON.parse(line) as { address?: string; transition?: string; armed?: number };
      address ??= said.address;
      last = said.transition ?? last;
      armed = said.armed ?? armed;
    });
    const exited = new Promise<string>((resolve) => {
      child.on('close', (code, signal) => {
        children.delete(child);
        resolve(signal ?? String(code));
      });
    });
    const url = await waitFor('the orchestrator to listen', () => address, { deadlineMs: 30_000 });
    return {
      api: new Api(url, configuration.stateDir),
      last: () => last,
      arm: async (n) => {
        child.stdin.write(`${n}\n`);
        await waitFor('the child to be armed', () => armed === n);
      },
      exited,
      process: child,
    };
  }

  beforeAll(async () => {
    servers = await startServers(prefix, kind);
    const child = await run();
    agents.push(new FakeAgent(await child.api.enrol('uwt-a', { side: 'a' }), 1));
    agents.push(new FakeAgent(await child.api.enrol('uwt-b', { side: 'b' }), 2));
    for (const agent of agents) await agent.start();
    await waitFor('both hosts to be ready', async () => {
      const hosts = await child.api.expect<{ ready: boolean }[]>(200, 'GET', '/underware/v1/hosts');
      return hosts.every(({ ready }) => ready);
    });
    await stop(child);
  }, 120_000);

  afterAll(async () => {
    for (const agent of agents) await agent.stop();
    for (const child of children) child.kill('SIGKILL');
    await servers.stop();
  });

  test('finishes every operation after it was started again', async () => {
    let child = await run();
    const instance = await child.api.createInstance(twoVnfs());
    const met = { instantiate: [] as string[], terminate: [] as string[] };
    for (let n = 1; n <= EVERY_TRANSITION.instantiate.length; n += 1) {
      for (const what of ['instantiate', 'terminate'] as const) {
        await child.arm(n);
        // It may die before it answers: then the operation is found by its service instance.
        await child.api.start(instance, what).catch(() => undefined);
        expect(await child.exited).toBe('SIGKILL');
        met[what].push(child.last() ?? '');
        child = await run();
        const operation = await newestOperation(child.api, instance);
        await child.api.settle(operation, 'COMPLETED');
        const up = what === 'instantiate';
        expect(await child.api.nsState(instance)).toBe(up ? 'INSTANTIATED' : 'NOT_INSTANTIATED');
        for (const agent of agents) expect(agent.stages()[instance]).toBe(up ? 'running' : undefined);
      }
    }
    expect(met).toEqual(EVERY_TRANSITION);
    await stop(child);
  }, 300_000);
});
