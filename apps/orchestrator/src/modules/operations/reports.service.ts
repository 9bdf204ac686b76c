import { Injectable } from '@nestjs/common';
import type { AgentMessage } from '@underware/core';
import type { MessageKey } from '@underware/jobs';
import { Truth } from '@underware/store';
import { notFound } from '../../not-found.js';
import { Advancer } from './advancer.js';
import { overtake } from './desired-state.js';
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
        return this.register(message);
      case 'heartbeat':
        if (!(await this.truth.hosts.heartbeat(message, new Date()))) return;
        await this.truth.announce({ kind: 'telemetry', host });
        await this.overtake(message);
        return;
      case 'steps':
        return this.keepSteps(message);
      case 'applied':
        // What this truth never asked for says nothing about what it asks for.
        if (await this.overtake(message)) return;
        if (await this.truth.hosts.report(message)) await this.truth.announce({ kind: 'host', host });
        for (const operation of await this.truth.operations.waitingFor(host)) this.advancer.poke(operation);
        return;
      case 'events':
        for (const kept of await this.truth.packetEvents.add(message))
          await this.truth.announce({ kind: 'packets', ...kept });
        return;
      case 'audit':
        return this.audit(message);
    }
  }

  private async register(message: Extract<AgentMessage, { type: 'registered' }>): Promise<void> {
    const { host } = message;
    const heard = await this.truth.hosts.register(message, new Date());
    if (heard === undefined) return;
    await this.truth.announce({ kind: 'host', host });
    // Who says again who it is was told already; if that was lost with the queue, the sweep tells it.
    if (heard === 'first') await this.dispatcher.dispatch([host]);
  }

  /** True when the host is ahead of this truth. */
  private async overtake({ host, generation }: { host: string; generation: number }): Promise<boolean> {
    const [known] = await this.truth.hosts.desired([host]);
    if (!known || generation <= known.generation) return false;
    const overtook = await this.truth.transaction((records) =>
      overtake(records, host, generation, new Date()),
    );
    if (overtook) await this.dispatcher.dispatch([host]);
    return true;
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
