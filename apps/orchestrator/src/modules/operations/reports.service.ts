import { Injectable } from '@nestjs/common';
import type { AgentMessage } from '@underware/core';
import type { MessageKey } from '@underware/jobs';
import { Truth } from '@underware/store';
import { notFound } from '../../not-found.js';
import { Advancer } from './advancer.js';
import { Dispatcher } from './dispatcher.js';

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** Takes what agents say, after the queue proved whose word it is. Late and repeated messages change nothing. */
@Injectable()
export class ReportsService {
  constructor(
    private readonly truth: Truth,
    private readonly advancer: Advancer,
    private readonly dispatcher: Dispatcher,
  ) {}

  async keyOf(host: string): Promise<MessageKey> {
    const key = UUID.test(host) ? await this.truth.hosts.messageKey(host) : null;
    if (key) return key;
    throw notFound('host', host);
  }

  async take(message: AgentMessage): Promise<void> {
    const { host } = message;
    switch (message.type) {
      case 'registered':
        if (!(await this.truth.hosts.register(host, message.boot, message.facts, new Date(message.at))))
          return;
        await this.truth.announce({ kind: 'host', host });
        // A new boot knows nothing of what the one before was told.
        await this.dispatcher.dispatch([host]);
        return;
      case 'heartbeat':
        if (await this.truth.hosts.heartbeat(message, new Date()))
          await this.truth.announce({ kind: 'telemetry', host });
        return;
      case 'steps':
        return this.keepSteps(message);
      case 'applied':
        if (await this.truth.hosts.report({ ...message, at: new Date(message.at) })) {
          await this.truth.announce({ kind: 'host', host });
        }
        for (const operation of await this.truth.operations.waitingFor(host)) this.advancer.poke(operation);
        return;
      case 'audit':
        return this.audit(message);
    }
  }

  private async keepSteps({ host, events }: Extract<AgentMessage, { type: 'steps' }>): Promise<void> {
    await this.truth.transaction(async (records) => {
      for (const kept of await records.operations.recordSteps(host, events)) {
        await records.announce({ kind: 'step', ...kept });
      }
    });
  }

  private async audit({ host, at, error }: Extract<AgentMessage, { type: 'audit' }>): Promise<void> {
    const row = await this.truth.hosts.find(host);
    await this.truth.audit.add({
      at: new Date(at),
      actor: `host ${row?.name ?? host}`,
      action: error.attempted,
      object: error.on,
      outcome: error.code,
      report: error,
    });
  }
}
