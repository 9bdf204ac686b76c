import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { Queues } from '@underware/jobs';
import type { Consumer } from '@underware/jobs';
import { Truth } from '@underware/store';
import { Configuration } from '../../configuration.js';
import { LOG } from '../../log.js';
import type { Log } from '../../log.js';
import { Advancer } from './advancer.js';
import { renewDesired } from './desired-state.js';
import { Dispatcher } from './dispatcher.js';
import { ReportsService } from './reports.service.js';

const FORGET_EVERY_MS = 3_600_000;

/**
 * The worker's loops: jobs, reports, and the sweep that makes both of them dispensable. A wiped queue or a killed
 * orchestrator costs the time until the next sweep.
 */
@Injectable()
export class OperationWorker implements OnApplicationBootstrap, OnApplicationShutdown {
  private consumers: Consumer[] = [];
  private timer: NodeJS.Timeout | undefined;
  private forgottenAt = 0;
  private sweeping: Promise<void> | undefined;

  constructor(
    private readonly truth: Truth,
    private readonly queues: Queues,
    private readonly advancer: Advancer,
    private readonly reports: ReportsService,
    private readonly dispatcher: Dispatcher,
    private readonly configuration: Configuration,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.consumers = [
      await this.queues.consumeOperations(async ({ operation }) => this.advancer.poke(operation)),
      await this.queues.consumeReports(
        (host) => this.reports.keyOf(host),
        (message) => this.reports.take(message),
      ),
    ];
    this.timer = setInterval(() => this.beginSweep(), this.configuration.timings.sweepMs);
    // What a killed process left waits for nothing.
    this.beginSweep();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    await this.sweeping;
    await Promise.all(this.consumers.map((consumer) => consumer.close()));
    await this.advancer.stop();
  }

  private async forget(): Promise<void> {
    if (Date.now() - this.forgottenAt < FORGET_EVERY_MS) return;
    this.forgottenAt = Date.now();
    const rows = await this.truth.retention.forget(new Date());
    if (rows > 0) this.log.info({ rows }, 'old rows are deleted');
  }

  /** Instances that were held for their time, or whose descriptor or plugin is gone. */
  private async letGo(): Promise<void> {
    const now = new Date();
    const hosts = await this.truth.transaction(async (records) => {
      const changed = await records.residency.dropEnded(now);
      if (changed.length > 0) await renewDesired(records, changed, now);
      return changed;
    });
    await this.dispatcher.dispatch(hosts);
  }

  private beginSweep(): void {
    this.sweeping ??= this.sweep().finally(() => (this.sweeping = undefined));
  }

  private async sweep(): Promise<void> {
    try {
      for (const operation of await this.truth.operations.running()) this.advancer.poke(operation);
      const before = new Date(Date.now() - this.configuration.timings.redispatchMs);
      await this.dispatcher.dispatch(await this.truth.hosts.behind(before));
      await this.letGo();
      await this.forget();
    } catch (error) {
      this.log.error({ error }, 'the sweep failed; the next one tries again');
    }
    await this.restoreQueues();
  }

  /** The server of the queues may have been emptied or replaced. */
  private async restoreQueues(): Promise<void> {
    const { hosts } = this.truth;
    try {
      await this.queues.restore(
        () => hosts.ids(),
        (host) => hosts.messageKey(host),
      );
    } catch (error) {
      this.log.warn({ error }, 'cannot look after the queues; the next sweep tries again');
    }
  }
}
