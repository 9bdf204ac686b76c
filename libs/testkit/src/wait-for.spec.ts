import { expect, it } from '@jest/globals';
import { waitFor } from './index.js';

it('returns what the condition gave as soon as it is true', async () => {
  let asked = 0;
  expect(await waitFor('three', () => (++asked === 3 ? asked : undefined), { everyMs: 1 })).toBe(3);
});

it('outlives errors of the condition', async () => {
  let asked = 0;
  const condition = (): boolean => {
    if (++asked < 3) throw new Error('not yet');
    return true;
  };
  await expect(waitFor('calm', condition, { everyMs: 1 })).resolves.toBe(true);
});

it('says what it waited for, and the last error', async () => {
  await expect(
    waitFor('sunshine', () => Promise.reject(new Error('still raining')), { deadlineMs: 20 }),
  ).rejects.toMatchObject({
    code: 'TIMED_OUT',
    message: expect.stringMatching(/sunshine.*still raining/),
  });
});

it('gives up at once when it is interrupted, whatever it waits for', async () => {
  const interrupt = new AbortController();
  const waiting = waitFor('nothing', () => interrupt.abort(new Error('enough')), {
    deadlineMs: 60_000,
    everyMs: 60_000,
    signal: interrupt.signal,
  });
  await expect(waiting).rejects.toThrow('aborted');
});
