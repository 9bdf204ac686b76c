import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { describeKernel, waitFor } from '@underware/testkit';
import type { Stack } from '../src/stack/stack.js';
import {
  begin,
  createService,
  pairDescriptor,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
} from './stack.spec-support.js';
import { watchTraffic } from './watching.spec-support.js';

const NAME = 'resident';
const MINUTES = 60_000;

describeKernel('plugins without a user', () => {
  let stack: Stack;

  beforeAll(async () => {
    stack = await startTestStack(NAME);
  }, 3 * MINUTES);

  afterAll(() => removeTestStack(NAME), MINUTES);

  const held = async () => (await stack.client.residency()).flatMap((host) => host.held);

  test(
    'stay loaded by what pays, but for those bound to their service, are taken over by the next, and go when the host wants none',
    async () => {
      const yaml = await pairDescriptor((text) =>
        text
          .replaceAll('residency: dynamic', 'residency: auto')
          .replace('directions: [outbound],', 'directions: [outbound], capture: true,'),
      );
      const first = await createService(stack, 'first', yaml);
      await settle(stack, await begin(stack, first, 'instantiate'), 'COMPLETED');
      await settle(stack, await begin(stack, first, 'terminate'), 'COMPLETED');
      await waitFor(
        'the host of the probe to say that it holds it',
        async () => {
          const all = await held();
          return all.length === 1 && all.every(({ loaded }) => loaded);
        },
        { deadlineMs: MINUTES, everyMs: 100 },
      );
      expect((await held()).map(({ plugin, until }) => [plugin, until !== undefined]).sort()).toEqual([
        ['probe@0.2.0', true],
      ]);
      const [probe = ''] = (await held()).map(({ key }) => key);
      expect(await remainsOf(stack)).toHaveLength(1);

      const second = await createService(stack, 'second', yaml);
      const instantiation = await begin(stack, second, 'instantiate');
      await settle(stack, instantiation, 'COMPLETED');
      const { slices } = await stack.client.planOf(second);
      const used = Object.values(slices).flatMap(({ instances }) => instances.map(({ key }) => key));
      expect(used).toContain(probe);
      const steps = (await stack.client.steps(instantiation)).map(({ name }) => name);
      // The firewall shared what it knew with the first service alone: it went with that.
      expect(new Set(steps.filter((name) => name.startsWith('load-instance')))).toEqual(
        new Set(used.filter((key) => key !== probe).map((key) => `load-instance ${key}`)),
      );
      expect(new Set(steps.filter((name) => name.startsWith('empty-instance'))).size).toBe(1);
      await watchTraffic(stack, second, 'second');
      expect(await held()).toEqual([]);

      await settle(stack, await begin(stack, second, 'terminate'), 'COMPLETED');
      for (const { host } of await stack.client.residency())
        await stack.client.setResidency(host, { policy: 'dynamic' });
      await waitFor(
        'nothing to be left',
        async () => {
          expect(await remainsOf(stack)).toEqual([]);
          return true;
        },
        { deadlineMs: MINUTES, everyMs: 200 },
      );
      expect(await held()).toEqual([]);
    },
    5 * MINUTES,
  );
});
