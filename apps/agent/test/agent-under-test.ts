/**
 * The agent as it is composed for production, with a queue made of files and a journal that can kill it.
 *
 *   agent-under-test.js [job.json [kill-at]]
 *
 * Takes the job, works until a state was applied, prints the report as JSON and stops. With `kill-at` n, the process
 * kills itself with SIGKILL in place of writing its n-th journal entry: before a step, or between it and its record.
 */
import 'reflect-metadata';
import { Test } from '@nestjs/testing';
import type { HostState } from '@underware/core';
import { randomUUID } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { pino } from 'pino';
import { Agent } from '../dist/agent.js';
import { AgentModule } from '../dist/agent.module.js';
import { readConfig } from '../dist/config.js';
import { FileJournal, Journal, type JournalEntry } from '../dist/journal.js';
import { lockStateDir } from '../dist/lock.js';

class KillingJournal extends Journal {
  #count = 0;

  constructor(
    private readonly journal: Journal,
    private readonly killAt: number,
  ) {
    super();
  }

  async record(entry: JournalEntry): Promise<void> {
    this.#count += 1;
    if (this.#count === this.killAt) process.kill(process.pid, 'SIGKILL');
    await this.journal.record(entry);
  }

  close(): Promise<void> {
    return this.journal.close();
  }
}

const config = readConfig(process.env);
await lockStateDir(config.stateDir);
const [jobFile, killAt] = process.argv.slice(2);
const job = jobFile === undefined ? undefined : (JSON.parse(readFileSync(jobFile, 'utf8')) as HostState);

let settle: (text: string) => void = () => undefined;
const applied = new Promise<string>((resolve) => {
  settle = resolve;
});
const options = {
  config,
  token: 'none',
  boot: randomUUID(),
  version: '0.0.0',
  log: pino({ level: 'warn' }, pino.destination({ dest: 2, sync: true })),
  queue: {
    send: async (message: { type: string }) => {
      if (message.type === 'applied') settle(JSON.stringify(message));
    },
    serve: async (handlers: {
      apply(given: { host: string; generation: number; state: HostState }): Promise<void>;
    }) => {
      if (job) void handlers.apply({ host: job.host, generation: job.generation, state: job });
      return { close: async () => undefined };
    },
  },
};
const module = await Test.createTestingModule({ imports: [AgentModule.of(options)] })
  .overrideProvider(Journal)
  .useValue(new KillingJournal(new FileJournal(config.stateDir), Number(killAt ?? 0)))
  .compile();
const agent = module.get(Agent);
await agent.start();
process.stdout.write(`${await applied}\n`);
await agent.stop();
await module.close();
process.exit(0);
