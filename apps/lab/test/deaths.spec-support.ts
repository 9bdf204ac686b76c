import { startEmbeddedPostgres } from '@underware/embedded';
import { describeKernel, runCommand } from '@underware/testkit';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
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
 * Points that lie this far apart are deaths of the same operation: one that dies before a step does it and records it the next
 * time. All of them together stay well below the minute that hosts have to be conditioned, on a busy machine too.
 */
const STRIDE = 2;

type Operation = 'instantiate' | 'terminate';

/** A file for each backend, so that both run at the same time: most of the time somebody waits for somebody. */
export function describeDeaths(queue: 'postgres' | 'redis'): void {
  describeKernel(`a stack with queues on ${queue} in which processes die`, () => {
    const name = `crash-${queue}`;
    let stack: Stack;
    let service: string;
    let agents: Mortal[];
    let orchestrator: Mortal;
    /** What each meets in the two operations when nobody dies. */
    let points: Map<Mortal, Record<Operation, string[]>>;

    beforeAll(async () => {
      stack = await startTestStack(name, { queue, mains: { agent: MORTAL_MAIN, orchestrator: MORTAL_MAIN } });
      service = await createService(stack, name, await pairDescriptor());
      agents = Mortal.agentsOf(stack);
      orchestrator = Mortal.orchestratorOf(stack);
      points = await rehearse();
    }, 2 * MINUTES);

    afterAll(() => removeTestStack(name), MINUTES);

    /** Runs both operations to their ends and looks at what came of them. */
    async function upAndDown(
      during: (what: Operation, work: () => Promise<void>) => Promise<void>,
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

    async function rehearse(): Promise<typeof points> {
      const met: typeof points = new Map();
      const all = [...agents, orchestrator];
      await upAndDown(async (what, work) => {
        for (const mortal of all) await mortal.order({});
        await work();
        for (const mortal of all) {
          const before = met.get(mortal) ?? { instantiate: [], terminate: [] };
          met.set(mortal, { ...before, [what]: await mortal.points() });
        }
      });
      return met;
    }

    function pointsOf(mortal: Mortal, what: Operation): string[] {
      return points.get(mortal)?.[what] ?? [];
    }

    /** What an earlier test asked for is not asked for any more. */
    async function forget(): Promise<void> {
      for (const mortal of [...agents, orchestrator]) {
        await mortal.order({});
        await mortal.points();
      }
    }

    /** Every point of every one is the place of a death, in as few operations as the stride allows. */
    async function dieEverywhere(mortals: Mortal[]): Promise<void> {
      await forget();
      for (let offset = 0; offset < STRIDE; offset += 1) {
        await upAndDown(async (what, work) => {
          for (const [i, mortal] of mortals.entries()) {
            const places = pointsOf(mortal, what);
            await mortal.order({ end: places.filter((_, n) => n % STRIDE === (offset + i) % STRIDE) });
          }
          const watched = mortals.reduce((inner, mortal) => () => mortal.revivedDuring(inner), work);
          await watched();
          for (const mortal of mortals) await mortal.points();
        });
        const deaths = mortals.map((mortal) => `${mortal.name} ${mortal.deaths.length}`).join(', ');
        process.stderr.write(`  ${queue}: killed so far: ${deaths}\n`);
      }
      for (const mortal of mortals) {
        const places = [...pointsOf(mortal, 'instantiate'), ...pointsOf(mortal, 'terminate')];
        expect(places.length).toBeGreaterThan(10);
        expect([...mortal.deaths].sort()).toEqual(places.sort());
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

    /** While `whom` is dead in the middle of an operation, `what` happens; then it is started again. */
    async function inTheMiddle(whom: () => Mortal, what: () => Promise<void>): Promise<void> {
      const mortal = whom();
      await forget();
      // Half of what it does is behind it.
      const places = pointsOf(mortal, 'instantiate');
      const middle = places[Math.floor(places.length / 2)] ?? '';
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
}
