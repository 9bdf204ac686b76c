#!/usr/bin/env node
/**
 * The agent: the daemon that makes a host what the orchestrator wants it to be.
 *
 *   main.js           runs until SIGTERM or SIGINT; what it made goes on after that
 *   main.js check     says what is missing to run
 *   main.js release   takes everything of ours off this host
 *
 * Layer: app; composition only. After a crash: everything in the kernel goes on; the next start observes, compares with
 * the desired state on disk and goes on from there.
 * Exit codes: 0 done, 1 failed, 64 usage, 78 something that it needs is missing or misconfigured.
 */
import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { describeError, toErrorReport, UnderwareError } from '@underware/core';
import { messageKey, openQueues } from '@underware/jobs';
import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { pino } from 'pino';
import { Agent } from './agent.js';
import { AgentModule } from './agent.module.js';
import { readConfig, type AgentConfig } from './config.js';
import { DesiredStateStore } from './desired-state.js';
import { Host } from './host.js';
import { lockDirectory } from './lock.js';
import { QueueConnection } from './queue-connection.js';
import { release } from './release.js';
import { selfCheck } from './self-check.js';
import type { AgentQueue } from './tokens.js';

const EX_USAGE = 64;
const EX_CONFIG = 78;
const log = pino({ name: 'underware-agent' }, pino.destination({ dest: 2, sync: true }));

async function main(command: string): Promise<number> {
  if (!['run', 'check', 'release'].includes(command)) {
    process.stderr.write('usage: main.js [run | check | release]\n');
    return EX_USAGE;
  }
  const config = readConfig(process.env);
  const missing = await selfCheck(config);
  for (const report of missing) process.stderr.write(`${describeError(report)}\n`);
  if (missing.length > 0) return EX_CONFIG;
  if (command === 'check') {
    process.stdout.write('Everything that the agent needs is there.\n');
    return 0;
  }
  const locks = [await lockDirectory(config.stateDir), await lockDirectory(config.bpffs)];
  try {
    return await (command === 'release' ? runRelease(config) : runAgent(config));
  } finally {
    await Promise.all(locks.map((lock) => lock.release()));
  }
}

async function runAgent(config: AgentConfig): Promise<number> {
  const token = (await readFile(config.tokenFile, 'utf8')).trim();
  const open = () => openQueues(config.queueUrl, (error) => log.warn({ why: error.message }, 'queue'));
  const queue = new QueueConnection(open, config.host, messageKey(token), log);
  const app = await compose(config, token, queue);
  const agent = app.get(Agent);
  const asked = new Promise<void>((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => resolve());
  });
  // Starting ends when jobs are taken, which may be long after the host is being mended.
  await Promise.race([asked, agent.start().then(() => asked)]);
  await agent.stop();
  await queue.close();
  await app.close();
  return 0;
}

async function runRelease(config: AgentConfig): Promise<number> {
  const silent: AgentQueue = {
    send: () => Promise.resolve(),
    serve: () => Promise.resolve({ close: () => Promise.resolve() }),
  };
  const app = await compose(config, '', silent);
  const failures = await release(app.get(Host), app.get(DesiredStateStore), config.stateDir, (name) =>
    process.stdout.write(`${name}\n`),
  );
  await app.close();
  for (const failure of failures) process.stderr.write(`${describeError(failure)}\n`);
  return failures.length === 0 ? 0 : 1;
}

function compose(config: AgentConfig, token: string, queue: AgentQueue) {
  const options = { config, token, boot: randomUUID(), version: '0.1.0', log, queue };
  return NestFactory.createApplicationContext(AgentModule.of(options), { logger: ['error', 'warn'] });
}

try {
  process.exit(await main(process.argv[2] ?? 'run'));
} catch (thrown) {
  const report = toErrorReport(thrown, 'run the agent', 'this host');
  process.stderr.write(`${describeError(report)}\n`);
  if (!(thrown instanceof UnderwareError)) log.error({ err: thrown }, 'unexpected');
  process.exit(report.code === 'INPUT_INVALID' ? EX_CONFIG : 1);
}
