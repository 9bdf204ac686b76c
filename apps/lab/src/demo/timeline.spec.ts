import type { OperationStep } from '@underware/client';
import { describe, expect, it } from '@jest/globals';
import { timelineOf } from './timeline.js';

function step(
  hostName: string,
  name: string,
  second: number,
  generation = 1,
  status: OperationStep['status'] = 'done',
) {
  const at = `2026-01-01T00:00:${String(second).padStart(2, '0')}.000Z`;
  return { id: `${second}`, host: hostName, hostName, service: 's', generation, name, status, at };
}

describe('timelineOf', () => {
  it('holds when every host was conditioned before the first start on any host', () => {
    const timeline = timelineOf([
      step('h1', 'create-port p', 1),
      step('h2', 'check-assertion a', 2),
      step('h1', 'start-workload v', 3, 2, 'started'),
      step('h1', 'start-workload v', 4, 2),
    ]);
    expect(timeline).toMatchObject({ holds: true, firstStart: '2026-01-01T00:00:03.000Z' });
    expect(timeline.hosts.map(({ host, assertions }) => [host, assertions])).toEqual([
      ['h1', 0],
      ['h2', 1],
    ]);
  });

  it('does not hold when one host was conditioned after a start on another', () => {
    const steps = [
      step('h1', 'create-port p', 1),
      step('h1', 'start-workload v', 2, 2, 'started'),
      step('h2', 'load-instance i', 3),
    ];
    expect(timelineOf(steps).holds).toBe(false);
  });

  it('does not take assertions that are checked again at the start for conditioning, but a late load it does', () => {
    const early = [step('h1', 'create-port p', 1), step('h1', 'start-workload v', 2, 2, 'started')];
    expect(timelineOf([...early, step('h1', 'check-assertion a', 3, 2)]).holds).toBe(true);
    expect(timelineOf([...early, step('h1', 'load-instance i', 3, 2)]).holds).toBe(false);
  });

  it('does not hold when nothing was conditioned or nothing was started', () => {
    expect(timelineOf([]).holds).toBe(false);
    expect(timelineOf([step('h1', 'create-port p', 1)]).holds).toBe(false);
    expect(timelineOf([step('h1', 'start-workload v', 1, 1, 'started')]).holds).toBe(false);
  });
});
