/**
 * The agent as it is composed for production, with a queue on standard input and output and a journal that can kill it.
 *
 * A line on standard input is a job: `{"state": <HostState>, "killAt": <n>}`. What an applied state came to is a line on
 * standard output. With `killAt` n, the process kills itself with SIGKILL in place of writing the n-th journal entry
 * after the job came: before a step, or between a step and its record. The end of standard input stops it.
 */
import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import type { AgentMessage, HostState } from '@underware/core';
import type { HostHandlers } from '@underware/jobs';
import { randomUUID } from 'node:crypto';
import { createInterface } from 'node:readline/promises';
import { pino } from 'pino';
import { Agent } from '../dist/agent.js';
import { AgentModule } from '../dist/agent.module.js';
import { readConfig } from '../dist/config.js';
import { FileJournal, Journal, type JournalEntry } from '../dist/journal.js';
import { lockDirectory } from '../dist/lock.js';

interface Job {
  state: HostState;
  killAt?: number;
}

class KillingJournal extends Journal {
  killIn = 0;

  constructor(private readonly journal: Journal) {
    super();
  }

  async record(entry: JournalEntry): Promise<void> {
    this.killIn -= 1;
    if (this.killIn === 0) process.kill(process.pid, 'SIGKILL');
    await this.journal.record(entry);
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

const config = readConfig(process.env);
await lockDirectory(config.stateDir);
const journal = new KillingJournal(new FileJournal(config.stateDir));
let apply: (state: HostState) => Promise<void> = () => Promise.reject(new Error('it is not served yet'));
const options = {
  config,
  token: 'none',
  boot: randomUUID(),
  version: '0.0.0',
  log: pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true })),
  queue: {
    send: async (message: AgentMessage) => {
      if (message.type === 'applied') process.stdout.write(`${JSON.stringify(message.slices)}\n`);
    },
    serve: async (handlers: HostHandlers) => {
      apply = (state) => handlers.apply({ host: state.host, generation: state.generation, state });
      return { close: async () => undefined };
    },
  },
};
const module = await Test.createTestingModule({ imports: [AgentModule.of(options)] })
  .overrideProvider(Journal)
  .useValue(journal)
  .compile();
const agent = module.get(Agent);
await agent.start();
for await (const line of createInterface(process.stdin)) {
  const job = JSON.parse(line) as Job;
  journal.killIn = job.killAt ?? 0;
  await apply(job.state);
}
await agent.stop();
await module.close();
process.exit(0);
