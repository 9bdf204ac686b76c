import { startEmbeddedPostgres } from '@underware/embedded';
import { describeKernel, runCommand } from '@underware/testkit';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { databaseDirectory } from '../src/stack/database.js';
import type { Stack } from '../src/stack/stack.js';
import { MORTAL_MAIN, Mortal } from './mortals.spec-support.js';
import { dropQueues } from './sql.spec-support.js';
import {
  begin,
  createService,
  pairDescriptor,
  noteOf,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
  traffic,
  WELL,
} from './stack.spec-support.js';

const MINUTES = 60_000;
/**
 * Points that lie this far apart are deaths of the same operation: each is followed by undisturbed steps, and all of them
 * together stay well below the minute that hosts have to be conditioned, on a busy machine too.
 */
const STRIDE = 4;

const BACKENDS = ['postgres', 'redis'] as const;

describeKernel('a stack in which processes die', () => {
  describe.each(BACKENDS)('with queues on %s', (queue) => {
    const name = `crash-${queue}`;
    let stack: Stack;
    let service: string;
    let agents: Mortal[];
    let orchestrator: Mortal;

    beforeAll(async () => {
      stack = await startTestStack(name, { queue, mains: { agent: MORTAL_MAIN, orchestrator: MORTAL_MAIN } });
      service = await createService(stack, name, await pairDescriptor());
      agents = Mortal.agentsOf(stack);
      orchestrator = Mortal.orchestratorOf(stack);
    }, 2 * MINUTES);

    afterAll(() => removeTestStack(name), MINUTES);

    /** Runs both operations to their ends and looks at what came of them. */
    async function upAndDown(
      during: (what: 'instantiate' | 'terminate', work: () => Promise<void>) => Promise<void>,
    ): Promise<void> {
      for (const what of ['instantiate', 'terminate'] as const) {
        const had = await noteOf(stack);
        await during(what, async () => {
          await settle(stack, await begin(stack, service, what), 'COMPLETED');
        });
        if (what === 'instantiate') expect(await traffic(stack, service)).toEqual(WELL);
        else expect(await remainsOf(stack, had)).toEqual([]);
      }
    }

    /** What is met at each of the two operations when nobody dies. */
    async function rehearse(mortals: Mortal[]): Promise<Record<string, string[][]>> {
      const met: Record<string, string[][]> = { instantiate: [], terminate: [] };
      for (const mortal of mortals) await mortal.points();
      await upAndDown(async (what, work) => {
        for (const mortal of mortals) await mortal.order({});
        await work();
        met[what] = await Promise.all(mortals.map((mortal) => mortal.points()));
      });
      return met;
    }

    /** Every point of every one is the place of a death, in as few operations as the stride allows. */
    async function dieEverywhere(mortals: Mortal[]): Promise<void> {
      const all = await rehearse(mortals);
      for (let offset = 0; offset < STRIDE; offset += 1) {
        await upAndDown(async (what, work) => {
          for (const [i, mortal] of mortals.entries()) {
            const points = all[what]?.[i] ?? [];
            await mortal.order({ end: points.filter((_, n) => n % STRIDE === (offset + i) % STRIDE) });
          }
          const watched = mortals.reduce((inner, mortal) => () => mortal.revivedDuring(inner), work);
          await watched();
          for (const mortal of mortals) await mortal.points();
        });
        const deaths = mortals.map((mortal) => `${mortal.name} ${mortal.deaths.length}`).join(', ');
        process.stderr.write(`  ${queue}: killed so far: ${deaths}\n`);
      }
      for (const [i, { deaths }] of mortals.entries()) {
        const points = [...(all['instantiate']?.[i] ?? []), ...(all['terminate']?.[i] ?? [])];
        expect(points.length).toBeGreaterThan(10);
        expect([...deaths].sort()).toEqual([...points].sort());
      }
    }

    test(
      'finishes when agents are killed before and after each of their steps',
      () => dieEverywhere(agents),
      8 * MINUTES,
    );

    test(
      'finishes when the orchestrator is killed at each transition',
      () => dieEverywhere([orchestrator]),
      8 * MINUTES,
    );

    /** Somewhere in the middle: half of the points of h1 and of the orchestrator are behind them. */
    async function middleOf(mortal: Mortal): Promise<string> {
      for (const each of [...agents, orchestrator]) await each.order({});
      await mortal.points();
      await settle(stack, await begin(stack, service, 'instantiate'), 'COMPLETED');
      const points = await mortal.points();
      await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');
      return points[Math.floor(points.length / 2)] ?? '';
    }

    /** While `whom` is dead in the middle of an operation, `what` happens; then it is started again. */
    async function inTheMiddle(whom: () => Mortal, what: () => Promise<void>): Promise<void> {
      const mortal = whom();
      const middle = await middleOf(mortal);
      await upAndDown(async (kind, work) => {
        if (kind === 'terminate') return work();
        await mortal.order({ end: [middle] });
        const done = work();
        await mortal.ended();
        await what();
        await mortal.restart();
        await done;
        expect(await mortal.points()).toContain(middle);
      });
    }

    async function wipe(): Promise<void> {
      if (queue === 'postgres') return dropQueues(stack.queueUrl);
      const redis = ['redis-cli', '-s', stack.queueUrl.replace('redis+unix://', '')];
      await runCommand([...redis, 'FLUSHALL']);
      // As after a restart: the accounts of hosts are in its memory only.
      const { stdout } = await runCommand([...redis, 'ACL', 'USERS']);
      const hosts = stdout.split('\n').filter((name) => name.startsWith('underware_host_'));
      await runCommand([...redis, 'ACL', 'DELUSER', ...hosts]);
    }

    async function restartPostgres(): Promise<void> {
      await startEmbeddedPostgres({ dir: await databaseDirectory(stack.layout) });
    }

    test.each<[string, () => Mortal, () => Promise<void>]>([
      ['the queues are wiped while a host is conditioned', () => agentOf('h1'), wipe],
      ['the queues are wiped while the orchestrator is away', () => orchestrator, wipe],
      ['Postgres is restarted while a host is conditioned', () => agentOf('h1'), restartPostgres],
    ])('finishes when %s', (_name, whom, what) => inTheMiddle(whom, what), 2 * MINUTES);

    function agentOf(host: string): Mortal {
      const found = agents.find((each) => each.name === host);
      if (!found) throw new Error(`no agent of ${host}`);
      return found;
    }
  });
});
