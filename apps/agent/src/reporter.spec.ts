import { describe, expect, it } from '@jest/globals';
import type { AgentMessage, StepEvent } from '@underware/core';
import { waitFor } from '@underware/testkit';
import type { AgentLog } from './agent-log.js';
import { Reporter } from './reporter.js';

const silent: AgentLog = { info: () => undefined, warn: () => undefined, error: () => undefined };

function stepEvent(name: string): StepEvent {
  return { generation: 1, service: 's', name, status: 'done', at: '2026-01-01T00:00:00.000Z' };
}

function withQueue() {
  const sent: AgentMessage[] = [];
  const queue = { away: false };
  const send = async (message: AgentMessage): Promise<void> => {
    if (queue.away) throw new Error('the queue is away');
    sent.push(structuredClone(message));
  };
  return { sent, queue, reporter: new Reporter('h1', 'boot-1', send, silent, 1) };
}

const beat = (generation: number) => ({ generation, chains: [], instances: [], workloads: [], foreign: [] });

describe('Reporter', () => {
  it('says every message once and in order, and who says it', async () => {
    const { sent, reporter } = withQueue();
    reporter.step(stepEvent('a'));
    reporter.applied(1, []);
    await waitFor('both messages', () => sent.length === 2);
    expect(sent.map(({ type, host, boot }) => [type, host, boot])).toEqual([
      ['steps', 'h1', 'boot-1'],
      ['applied', 'h1', 'boot-1'],
    ]);
  });

  it('keeps what matters while the queue is away, within bounds, and says it when it is back', async () => {
    const { sent, queue, reporter } = withQueue();
    queue.away = true;
    reporter.audit({ code: 'PACKAGE_ALTERED', attempted: 'a', on: 'b', why: 'c', remedy: 'd' });
    for (let i = 1; i <= 300_000; i += 1) {
      reporter.step(stepEvent(`step ${i}`));
      if (i % 1000 === 0) {
        reporter.heartbeat(beat(i));
        reporter.applied(i, []);
      }
    }
    queue.away = false;
    await waitFor('the last report', () => sent.some((each) => each.type === 'applied'));
    await reporter.close(1000);
    expect(sent.length).toBeLessThanOrEqual(500);
    expect(sent[0]?.type).toBe('audit');
    expect(sent.filter(({ type }) => type === 'heartbeat')).toMatchObject([{ generation: 300_000 }]);
    expect(sent.filter(({ type }) => type === 'applied')).toMatchObject([{ generation: 300_000 }]);
    const steps = sent.flatMap((each) => (each.type === 'steps' ? each.events : []));
    expect(steps.at(-1)?.name).toBe('step 300000');
  });

  it('counts what it says, so that its order does not hang on the clock of its host', async () => {
    const { sent, queue, reporter } = withQueue();
    queue.away = true;
    for (let i = 1; i <= 3; i += 1) {
      reporter.heartbeat(beat(i));
      reporter.applied(i, []);
    }
    queue.away = false;
    await waitFor('the last report', () => sent.at(-1)?.type === 'applied' && sent.length > 1);
    const sequences = sent.map(({ sequence }) => sequence);
    expect(sequences).toEqual([...new Set(sequences)].sort((a, b) => a - b));
    expect(sequences.at(-1)).toBe(6);
  });

  it('does not wait for a queue that stays away when it closes', async () => {
    const { queue, reporter } = withQueue();
    queue.away = true;
    reporter.applied(1, []);
    await reporter.close(50);
  });
});
