import { expect, it } from '@jest/globals';
import { measurePlanner } from './measure-planner.js';
import { scenario } from './scenario.js';

it('a scenario is the same for the same numbers, and has two instances a VNF', () => {
  expect(scenario(40, 10, 7)).toEqual(scenario(40, 10, 7));
  expect(scenario(40, 10, 7)).not.toEqual(scenario(40, 10, 8));
  const { graph } = scenario(40, 10);
  expect(graph.underservices.flatMap(({ bindings }) => bindings)).toHaveLength(80);
});

it('is planned, and planned again with nothing moved but what was on the lost host', () => {
  const { replanMs, gapPercent } = measurePlanner(1000, 120, 1);
  expect(replanMs).toHaveLength(8);
  expect(gapPercent).toBeLessThan(5);
});
