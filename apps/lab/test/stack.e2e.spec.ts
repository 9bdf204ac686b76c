import { followOperation } from '@underware/client';
import { describeKernel, waitFor } from '@underware/testkit';
import { chmod, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '../src/stack/free-port.js';
import { REPOSITORY } from '../src/stack/layout.js';
import { labNamespaces } from '../src/stack/namespaces.js';
import { Stack } from '../src/stack/stack.js';
import { removeAll } from '../src/stack/take-down.js';
import { sql } from './sql.spec-support.js';

const MINUTES = 60_000;

let dir: string;
let stack: Stack;

async function rest(operation: string): Promise<string> {
  let state = '';
  for await (const progress of followOperation(stack.client, operation))
    if (progress.kind === 'operation') state = progress.operation.operationState;
  return state;
}

describeKernel('a stack', () => {
  beforeAll(async () => {
    dir = await mkdtemp(join(tmpdir(), 'uwt-stack-'));
    await chmod(dir, 0o755);
    stack = await Stack.start({
      dir,
      prefix: 'uwt-stack-',
      port: await freePort(0),
      hosts: 2,
      containers: false,
    });
  }, 2 * MINUTES);

  afterAll(async () => {
    await removeAll(stack.layout);
    await rm(dir, { recursive: true, force: true });
    expect(await labNamespaces('uwt-stack-')).toMatchObject({ hosts: [], vnfs: [] });
  }, MINUTES);

  it(
    'finishes an operation although orchestrator and agents are killed in it',
    async () => {
      const file = 'examples/web-behind-firewall.yaml';
      const descriptor = await stack.client.onboardDescriptor(
        file,
        await readFile(join(REPOSITORY, file), 'utf8'),
      );
      const { id } = await stack.client.createInstance(descriptor.id, 'web', '');
      const operation = await stack.client.instantiate(id);
      await waitFor('a step', async () => (await stack.client.steps(operation)).length > 0, {
        deadlineMs: MINUTES,
      });
      await Promise.all([stack.orchestrator.kill(), ...stack.hosts.map(({ agent }) => agent.kill())]);
      await Promise.all([stack.orchestrator.restart(), ...stack.hosts.map(({ agent }) => agent.restart())]);
      await expect(rest(operation)).resolves.toBe('COMPLETED');
      const sessions = await sql<{ role: string }>(
        stack.queueUrl,
        'select distinct usename::text as role from pg_stat_activity where datname = current_database()',
      );
      expect(sessions.map(({ role }) => role).toSorted()).toEqual(
        [...stack.hosts.map((host) => `underware_host_${host.id}`), 'underware_queue'].toSorted(),
      );
      const { workloads } = await stack.client.service(id);
      expect(workloads.map(({ runtime }) => runtime)).toEqual(['process', 'process']);
      await expect(rest(await stack.client.terminate(id))).resolves.toBe('COMPLETED');
      expect((await labNamespaces('uwt-stack-')).vnfs).toEqual([]);
    },
    3 * MINUTES,
  );
});
