import { followOperation } from '@underware/client';
import { describeKernel, waitFor } from '@underware/testkit';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { freePort } from '../src/stack/free-port.js';
import { REPOSITORY } from '../src/stack/layout.js';
import { labNamespaces } from '../src/stack/namespaces.js';
import { Stack } from '../src/stack/stack.js';
import { removeAll } from '../src/stack/take-down.js';
import { cli } from './cli.spec-support.js';
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

/** What the commands say of a running service before anything is done to it. */
async function looksAhead(file: string): Promise<void> {
  const same = await cli(stack, ['plan', join(REPOSITORY, file), '--instance', 'web']);
  expect(same).toMatchObject({
    code: 0,
    stdout: expect.stringMatching(/^web against plan .*\nnothing changes\n$/),
  });
  const text = await readFile(join(REPOSITORY, file), 'utf8');
  const stricter = join(dir, 'stricter.yaml');
  await writeFile(stricter, text.replace("ports: '8080'", "ports: '8080-8081'"));
  expect(await readFile(stricter, 'utf8')).not.toBe(text);
  const changed = await cli(stack, ['plan', stricter, '--instance', 'web', '--explain']);
  expect(changed).toMatchObject({ code: 0, stderr: '' });
  expect(changed.stdout).toMatch(/^ {2}↻ instance guard on web_port tcx\/egress: other config$/m);
  expect(changed.stdout).toContain('1 replaced in place');
  expect(changed.stdout).toMatch(
    /^ {2}load {6}guard on web_port tcx\/egress\n {2}reuse {5}meter on web_port/m,
  );

  expect(await cli(stack, ['plugins', 'check', 'firewall@0.2.0'])).toMatchObject({ code: 0 });
  const here = await cli(stack, ['hosts', 'profile']);
  expect(JSON.parse(here.stdout)).toEqual(JSON.parse((await cli(stack, ['hosts', 'profile', 'h1'])).stdout));
  const profile = join(dir, 'profile.json');
  await writeFile(profile, here.stdout);
  const object = join(REPOSITORY, 'bpf/build/firewall.bpf.o');
  expect(await cli(stack, ['plugin', 'check', object, '--profile', profile])).toMatchObject({ code: 0 });
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
      await looksAhead(file);
      await expect(rest(await stack.client.terminate(id))).resolves.toBe('COMPLETED');
      expect((await labNamespaces('uwt-stack-')).vnfs).toEqual([]);
    },
    3 * MINUTES,
  );
});
