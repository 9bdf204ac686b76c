import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeKernel, runCommand, waitFor } from '@underware/testkit';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { leftContainers } from '../src/stack/container-engine.js';
import { REPOSITORY } from '../src/stack/layout.js';
import type { Stack } from '../src/stack/stack.js';
import { cli } from './cli.spec-support.js';
import { GUARDED, programOfOthers } from './program-of-others.spec-support.js';
import {
  begin,
  namespaceOf,
  noteOf,
  reaches,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
} from './stack.spec-support.js';
import type { Noted } from './stack.spec-support.js';

const NAME = 'examples';
const MINUTES = 60_000;
/** So many have room on the hosts of a lab. */
const AT_ONCE = 4;
const folder = join(REPOSITORY, 'examples');
const textOf = (name: string): string => readFileSync(join(folder, `${name}.yaml`), 'utf8');
const names = readdirSync(folder).flatMap((file) => /^(.*)\.yaml$/.exec(file)?.[1] ?? []);
const planOnly = names.flatMap((name) => {
  const why = /^ +underware\.plan_only: true *(?:# *(.*))?$/m.exec(textOf(name));
  return why ? [{ name, why: why[1] ?? '' }] : [];
});
/** What the demo deploys is tested with it. */
const deployable = names.filter(
  (name) => name !== 'web-behind-firewall' && !planOnly.some((each) => each.name === name),
);

/** A VNF, what it asks, and whether that is let in. */
type Attempt = [from: string, address: string, port: number, isLetIn: boolean];

const TRAFFIC: Record<string, Attempt[]> = {
  // The firewalls of templates that stand in files of their own let their client in.
  'nested-tiers': [
    ['client', '10.81.0.10', 8080, true],
    ['client', '10.81.0.20', 8080, true],
  ],
  // From one segment to another, at the sender's port, on one host and between hosts.
  'routed-segments': ['near', 'far'].flatMap((from) =>
    ['10.69.2.10', 'fd69:2::10'].flatMap((address): Attempt[] => [
      [from, address, 8080, true],
      [from, address, 9090, false],
    ]),
  ),
  // Some of the connections go to the backend of the client's own host, most to the other one.
  'load-balanced-web': [
    ...Array.from({ length: 20 }, (): Attempt => ['client', '10.68.0.100', 80, true]),
    ...Array.from({ length: 5 }, (): Attempt => ['client', 'fd68::100', 80, true]),
    ['client', '10.68.0.100', 8080, false],
  ],
  // The switch delivers on one host and between hosts; either way the firewall of the web server decides.
  'switched-segment': ['near', 'far'].flatMap((from) =>
    ['10.71.0.10', 'fd71::10'].flatMap((address): Attempt[] => [
      [from, address, 8080, true],
      [from, address, 9090, false],
    ]),
  ),
};

describeKernel('the examples', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startTestStack(NAME, { hosts: 3, containers: true });
  }, 3 * MINUTES);

  afterAll(() => removeTestStack(NAME), MINUTES);

  /** Deploys examples at once, looks at each, and terminates them; gives back what the hosts had meanwhile. */
  async function run(examples: readonly string[]): Promise<Noted> {
    const deployed = await Promise.all(
      examples.map((name) => cli(stack, ['deploy', join(folder, `${name}.yaml`), '--name', name])),
    );
    expect(deployed.filter(({ code }) => code !== 0)).toEqual([]);
    const all = await stack.client.instances();
    const running = all.filter(({ nsInstanceName }) => examples.includes(nsInstanceName));
    expect(running.map(({ nsState }) => nsState)).toEqual(examples.map(() => 'INSTANTIATED'));
    for (const { id, nsInstanceName } of running) {
      await waitFor(`${nsInstanceName} to be well`, () => expectWell(id), {
        deadlineMs: 20_000,
        everyMs: 200,
      });
      await expectTraffic(id, TRAFFIC[nsInstanceName] ?? []);
      if (nsInstanceName === 'load-balanced-web') {
        await expectSpread(id);
        await expectAvoided(id);
      }
    }
    const noted = await noteOf(stack);
    await Promise.all(
      running.map(async ({ id }) => settle(stack, await begin(stack, id, 'terminate'), 'COMPLETED')),
    );
    return noted;
  }

  /** Every VNF runs, those with a check are healthy, and every plugin instance is in its chain. */
  async function expectWell(id: string): Promise<true> {
    const { graph, workloads, chains } = await stack.client.service(id);
    expect(workloads.map(({ vnf }) => vnf).sort()).toEqual(graph?.vnfs.map(({ name }) => name).sort());
    expect(workloads.filter(({ state }) => state !== 'running')).toEqual([]);
    for (const { name, healthCheck } of graph?.vnfs ?? []) {
      const health = workloads.find(({ vnf }) => vnf === name)?.health;
      expect([name, healthCheck === undefined ? 'healthy' : health]).toEqual([name, 'healthy']);
    }
    expect(chains.flatMap(({ hops }) => hops.filter(({ present }) => !present))).toEqual([]);
    return true;
  }

  async function expectTraffic(id: string, attempts: readonly Attempt[]): Promise<void> {
    for (const [from, address, port, isLetIn] of attempts) {
      const arrives = await reaches(await namespaceOf(stack, id, from), address, port);
      expect([from, address, port, arrives]).toEqual([from, address, port, isLetIn]);
    }
  }

  /** The client's own attempts and ours: each backend gets some, the strong one more. */
  async function expectSpread(id: string): Promise<void> {
    await waitFor(
      'connections at both backends',
      async () => {
        const { chains } = await stack.client.service(id);
        const rows = chains.flatMap(({ hops }) => hops.flatMap(({ maps }) => maps['backend_opened'] ?? []));
        const opened = new Map(
          rows.map(({ key, value }) => [Number(key), (value as { packets: number }).packets]),
        );
        const [strong = 0, weak = 0] = [opened.get(0), opened.get(1)];
        expect(weak).toBeGreaterThan(0);
        expect(strong).toBeGreaterThan(weak);
        return true;
      },
      { deadlineMs: 20_000, everyMs: 500 },
    );
  }

  /** A backend that is frozen, and so takes connections that it does not answer, gets no more; thawed, it gets them again. */
  async function expectAvoided(id: string): Promise<void> {
    const namespace = await namespaceOf(stack, id, 'strong');
    const { stdout } = await runCommand(['ip', 'netns', 'pids', namespace]);
    const frozen = stdout.trim().split('\n').map(Number);
    const becomes = (state: string) =>
      waitFor(
        `the strong backend to be ${state}`,
        async () => (await cli(stack, ['show', id])).stdout.includes(`backend strong_port ${state}`),
        { deadlineMs: 20_000, everyMs: 200 },
      );
    for (const pid of frozen) process.kill(pid, 'SIGSTOP');
    try {
      await becomes('down since');
      await expectTraffic(
        id,
        Array.from({ length: 20 }, (): Attempt => ['client', '10.68.0.100', 80, true]),
      );
      const told = await stack.client.packetEvents(id, 20);
      expect(told.map(({ what }) => what).join('\n')).toMatch(
        /backend strong_port is down: .* port 8080: no answer within 1000 ms/,
      );
    } finally {
      for (const pid of frozen) process.kill(pid, 'SIGCONT');
    }
    await becomes('up since');
  }

  test(
    'that can be deployed run side by side, and leave nothing',
    async () => {
      const noted: Noted[] = [];
      for (let at = 0; at < deployable.length; at += AT_ONCE)
        noted.push(await run(deployable.slice(at, at + AT_ONCE)));
      for (const { host } of await stack.client.residency())
        await stack.client.setResidency(host, { policy: 'dynamic' });
      await waitFor(
        'nothing to be left',
        async () => {
          for (const had of noted) expect(await remainsOf(stack, had)).toEqual([]);
          expect(await leftContainers(stack.layout)).toEqual([]);
          return true;
        },
        { deadlineMs: 20_000, everyMs: 200 },
      );
    },
    3 * MINUTES,
  );

  test(
    'and a program that others wrote runs as it is, from import to traffic',
    async () => {
      const { data } = stack.layout;
      const { object, descriptor } = await programOfOthers(data);
      const key = join(data, 'keys', 'plugins.key');
      const packed = join(data, 'port-filter.uwp');
      const done = async (...args: string[]): Promise<string> => {
        const { code, stdout, stderr } = await cli(stack, args);
        expect([args, code, stderr]).toEqual([args, 0, '']);
        return stdout;
      };
      const options = ['--release', '1.0.0', '--map', 'denied_ports=config', '--output', packed];
      await done('plugins', 'import', object, '--key', key, ...options);
      await done('plugins', 'add', packed);
      await done('deploy', descriptor, '--name', 'theirs');
      const [service] = (await stack.client.instances()).filter(
        ({ nsInstanceName }) => nsInstanceName === 'theirs',
      );
      const id = service?.id ?? '';
      await waitFor('it to be well', () => expectWell(id), { deadlineMs: 20_000, everyMs: 200 });
      await waitFor('the server to answer', async () =>
        reaches(await namespaceOf(stack, id, 'client'), GUARDED, 8080),
      );
      await expectTraffic(id, [['client', GUARDED, 9090, false]]);
      expect(await done('show', 'theirs')).toContain('port-filter@1.0.0');
      const noted = await noteOf(stack);
      await settle(stack, await begin(stack, id, 'terminate'), 'COMPLETED');
      await waitFor('nothing of it to be left', async () => {
        expect(await remainsOf(stack, noted)).toEqual([]);
        return true;
      });
    },
    MINUTES,
  );

  test(
    'that can only be planned are refused with the reason that they name, and nothing is made',
    async () => {
      const before = [await stack.client.descriptors(), await stack.client.instances()];
      const refused = await Promise.all(
        planOnly.map(async ({ name, why }) => ({
          why,
          ...(await cli(stack, ['deploy', join(folder, `${name}.yaml`)])),
        })),
      );
      for (const { why, code, stderr } of refused) {
        expect([why, code]).toEqual([why, 1]);
        expect(stderr).toContain('PLAN_IMPOSSIBLE');
        const kinds = /^(.*) (?:has|have) no plugin yet$/.exec(why)?.[1]?.split(/, | and /);
        const reasons = kinds?.map((kind) => `cannot get a ${kind}: no plugin`) ?? ['is in no zone'];
        expect(reasons.filter((reason) => stderr.includes(reason))).not.toEqual([]);
      }
      expect([await stack.client.descriptors(), await stack.client.instances()]).toEqual(before);
    },
    MINUTES,
  );
});
