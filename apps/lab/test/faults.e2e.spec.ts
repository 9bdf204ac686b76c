import { BpfLink } from '@underware/libbpf';
import { describeKernel, waitFor } from '@underware/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Stack } from '../src/stack/stack.js';
import { MORTAL_MAIN, Mortal } from './mortals.spec-support.js';
import {
  begin,
  createService,
  hostOf,
  pairDescriptor,
  noteOf,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
  traffic,
  WELL,
} from './stack.spec-support.js';

const NAME = 'faults';
const MINUTES = 60_000;

describeKernel('a host on which something goes wrong', () => {
  let stack: Stack;
  let service: string;

  beforeAll(async () => {
    stack = await startTestStack(NAME, { mains: { agent: MORTAL_MAIN } });
    service = await createService(stack, NAME, await pairDescriptor());
  }, 2 * MINUTES);

  afterAll(() => removeTestStack(NAME), MINUTES);

  /** In a way of its own for a service of its own: another network, so that both fit on the hosts. */
  async function another(name: string, inputs: Record<string, unknown> = {}): Promise<[string, string]> {
    const id = await createService(
      stack,
      name,
      await pairDescriptor((text) => text.replaceAll('10.77.', '10.78.')),
    );
    return [id, await stack.client.instantiate(id, inputs)];
  }

  test(
    'is mended when pins are deleted and a root is detached behind the agent',
    async () => {
      await settle(stack, await begin(stack, service, 'instantiate'), 'COMPLETED');
      const ours = join(hostOf(stack, 'h1').network.bpffs, 'underware');
      const [device = ''] = await readdir(join(ours, 'roots'));
      const [key = ''] = await readdir(join(ours, 'instances'));
      const root = BpfLink.fromPin(join(ours, 'roots', device, 'tcx-egress', 'link'));
      await root.detach();
      root.close();
      // Nothing stands before the server now.
      expect(await traffic(stack, service)).toEqual({ allowed: true, denied: false });
      await rm(join(ours, 'instances', key), { recursive: true });
      await waitFor('the chain to be mended', async () => (await traffic(stack, service)).denied, {
        deadlineMs: 30_000,
        everyMs: 250,
      });
      expect(await readdir(join(ours, 'instances'))).toEqual([key]);
      expect(await traffic(stack, service)).toEqual(WELL);
      const had = await noteOf(stack);
      await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');
      expect(await remainsOf(stack, had)).toEqual([]);
    },
    MINUTES,
  );

  test(
    'names the device that vanished in the middle of an operation, and retry goes on',
    async () => {
      const agent = Mortal.agentsOf(stack).find(({ name }) => name === 'h1');
      if (!agent) throw new Error('no agent of h1');
      await agent.order({});
      await agent.points();
      const operation = await begin(stack, service, 'instantiate');
      await settle(stack, operation, 'COMPLETED');
      const attach = (await agent.points()).find((point) => point.includes('started attach-root')) ?? '';
      await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');

      await agent.order({ stop: [attach] });
      const second = await begin(stack, service, 'instantiate');
      await agent.stopped();
      const device = /attach-root (\S+)/.exec(attach)?.[1] ?? '';
      await hostOf(stack, 'h1').network.ip('link', 'delete', device);
      agent.goOn();
      const { error, allowedActions } = await settle(stack, second, 'FAILED_TEMP');
      expect(error?.report).toMatchObject({ code: 'DEVICE_MISSING', on: expect.stringContaining(device) });
      expect(error?.report?.on).toContain('h1');
      expect(allowedActions).toEqual(['retry', 'rollback', 'fail']);

      await stack.client.act(second, 'retry');
      await settle(stack, second, 'COMPLETED');
      expect(await traffic(stack, service)).toEqual(WELL);
      await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');
      expect(await remainsOf(stack)).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    'names the host whose agent is away; retry goes on, rollback takes back',
    async () => {
      const { agent } = hostOf(stack, 'h2');
      await agent.kill('SIGTERM');
      const retried = await begin(stack, service, 'instantiate');
      const [, rolledBack] = await another('faults-away');
      for (const operation of [retried, rolledBack]) {
        const { error } = await settle(stack, operation, 'FAILED_TEMP');
        expect(error?.report).toMatchObject({ code: 'HOST_UNREACHABLE', on: 'h2' });
      }
      await agent.restart();
      await stack.client.act(retried, 'retry');
      await stack.client.act(rolledBack, 'rollback');
      await settle(stack, retried, 'COMPLETED');
      await settle(stack, rolledBack, 'ROLLED_BACK');
      expect(await traffic(stack, service)).toEqual(WELL);
      await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');
      expect(await remainsOf(stack)).toEqual([]);
    },
    2 * MINUTES,
  );

  test(
    'says how a VNF ended that exits at once and what it wrote last; rollback leaves nothing',
    async () => {
      const [, operation] = await another('faults-exit', {
        server_command: ['/usr/local/bin/underware-demo', 'web', 'nonsense'],
      });
      const { error } = await settle(stack, operation, 'FAILED_TEMP');
      expect(error?.report).toMatchObject({ code: 'WORKLOAD_FAILED', on: expect.stringContaining('server') });
      expect(`${error?.report?.why}`).toMatch(/exit(ed)?.* 2\b|code 2/);
      expect(`${error?.report?.detail}`).toContain("'nonsense' is no port");
      const had = await noteOf(stack);
      await stack.client.act(operation, 'rollback');
      await settle(stack, operation, 'ROLLED_BACK');
      expect(await remainsOf(stack, had)).toEqual([]);
    },
    MINUTES,
  );
});
