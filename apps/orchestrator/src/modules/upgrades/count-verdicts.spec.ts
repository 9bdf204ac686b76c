import { describe, expect, it } from '@jest/globals';
import type { DesiredInstance, Plan } from '@underware/core';
import type { Heartbeat } from '@underware/store';
import { countedSince, countVerdicts, figuresOf, replacedOn } from './count-verdicts.js';

function planWith(instances: Record<string, [id: string, revision: string, digest: string][]>): Plan {
  const slices = Object.entries(instances).map(([host, each]) => [
    host,
    {
      instances: each.map(([id, revision, digest]) => ({
        ...({ id, key: `${id}-${revision}`, port: 's/web_port', hook: 'xdp' } as DesiredInstance),
        underservice: id,
        plugin: { name: 'firewall', version: '1', digest },
      })),
    },
  ]);
  return { slices: Object.fromEntries(slices) as Plan['slices'] } as Plan;
}

const inForce = planWith({
  h1: [
    ['guard', '1', 'old'],
    ['meter', '1', 'same'],
  ],
  h2: [['guard', '1', 'old']],
});
const next = planWith({
  h1: [
    ['guard', '2', 'new'],
    ['meter', '1', 'same'],
    ['more', '1', 'new'],
  ],
  h2: [['guard', '2', 'new']],
});
const replaced = replacedOn(['h1'], inForce, next);

const beats = (figures: Record<string, Record<string, number>>) =>
  new Map([
    [
      'h1',
      {
        instances: Object.entries(figures).map(([key, verdicts]) => ({
          key,
          verdicts: Object.fromEntries(
            Object.entries(verdicts).map(([name, packets]) => [name, { packets, bytes: 0 }]),
          ),
        })),
      } as unknown as Heartbeat,
    ],
  ]);

describe('what a canary did', () => {
  it('is of instances on its hosts whose plugin is replaced', () => {
    expect(replaced).toEqual([
      {
        host: 'h1',
        id: 'guard',
        instance: 'guard on web_port xdp',
        keys: { inForce: 'guard-1', next: 'guard-2' },
      },
    ]);
  });

  it('is what its counters grew by, of the old revision and then of the new one', () => {
    const from = countVerdicts(replaced, 'inForce', beats({ 'guard-1': { pass: 100, drop: 7 } }));
    const then = countVerdicts(replaced, 'inForce', beats({ 'guard-1': { pass: 150, drop: 7, aborted: 1 } }));
    const before = countedSince(from, then);
    expect(before).toEqual({ h1: { guard: { pass: 50, drop: 0, aborted: 1 } } });
    const none = countVerdicts(replaced, 'next', beats({ 'guard-1': { pass: 150 } }));
    const after = countedSince(none, countVerdicts(replaced, 'next', beats({ 'guard-2': { pass: 60 } })));
    expect(figuresOf(replaced, before, after)).toEqual([
      {
        host: 'h1',
        instance: 'guard on web_port xdp',
        before: { pass: 50, drop: 0, aborted: 1 },
        after: { pass: 60 },
      },
    ]);
  });

  it('is all that stands on counters that began anew', () => {
    const from = countVerdicts(replaced, 'next', beats({ 'guard-2': { pass: 1000, drop: 5 } }));
    const now = countVerdicts(replaced, 'next', beats({ 'guard-2': { pass: 30, drop: 6 } }));
    expect(countedSince(from, now)).toEqual({ h1: { guard: { pass: 30, drop: 6 } } });
  });
});
