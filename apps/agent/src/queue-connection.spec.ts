import { expect, it } from '@jest/globals';
import type { AgentMessage } from '@underware/core';
import type { Queues } from '@underware/jobs';
import { QueueConnection } from './queue-connection.js';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
const message: AgentMessage = {
  type: 'applied',
  host: 'h1',
  boot: 'b',
  sequence: 1,
  at: '',
  generation: 1,
  slices: [],
};

it('waits for a queue server that is away, and then says what there was to say', async () => {
  const said: AgentMessage[] = [];
  const queues = {
    report: async (each: AgentMessage) => {
      said.push(each);
    },
    close: async () => undefined,
  } as unknown as Queues;
  let attempts = 0;
  const open = async (): Promise<Queues> => {
    attempts += 1;
    if (attempts < 3) throw new Error('connection refused');
    return queues;
  };
  const connection = new QueueConnection(open, 'h1', new Uint8Array(32), silent, 1);
  await connection.send(message);
  expect(said).toEqual([message]);
  expect(attempts).toBe(3);
  await connection.close();
});

it('closes while the server is still away, and lets nobody wait', async () => {
  const refused = Promise.reject(new Error('connection refused'));
  const connection = new QueueConnection(() => refused, 'h1', new Uint8Array(32), silent, 60_000);
  const serving = connection.serve({ apply: async () => undefined, answers: {} });
  await connection.close();
  await (await serving).close();
});
