import { expect, test } from '@jest/globals';
import type { Inventory } from '@underware/core';
import { plan } from '../plan.js';
import { CATALOG, example, host, NOW, OPTIONS } from '../plan.spec-support.js';

/** Two hosts whose uplinks carry so many segments of other services. */
const beside = (others: number): Inventory => ({
  hosts: ['h1', 'h2'].map((id) => {
    const plain = host(id);
    return { ...plain, used: { ...plain.used, uplinkInstances: { eth0: others } } };
  }),
});

test('more segments on an uplink than the kernel calls instances for are refused, those of other services with them', () => {
  const graph = example('switched-segment');
  expect(plan(graph, beside(15), CATALOG, OPTIONS, NOW).slices['h1']?.instances).not.toEqual([]);
  expect(() => plan(graph, beside(16), CATALOG, OPTIONS, NOW)).toThrow(
    'it would carry 1 segments of this service beside 16 of others, and 16 are possible',
  );
});
