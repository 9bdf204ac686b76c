import { expect, it } from '@jest/globals';
import { again } from './container-engine.js';

it('tries again what fails for a while, and throws what fails for longer', async () => {
  let left = 2;
  const busy = async (): Promise<void> => {
    left -= 1;
    if (left >= 0) throw new Error('busy');
  };
  await again(busy, 10_000);
  expect(left).toBe(-1);
  await expect(again(() => Promise.reject(new Error('for good')), 0)).rejects.toThrow('for good');
});
