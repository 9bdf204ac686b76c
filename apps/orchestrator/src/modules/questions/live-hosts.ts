import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import { Queues, QUESTIONS } from '@underware/jobs';
import type { AnswerOf, QuestionKind, QuestionOf } from '@underware/jobs';
import { Truth } from '@underware/store';
import type { HostRow } from '@underware/store';
import { Configuration } from '../../configuration.js';
import { conflict, found } from '../../not-found.js';
import { Uptime } from '../../uptime.js';
import { readinessOf } from '../hosts/host-readiness.js';
import { DeployedService } from './deployed-service.js';

const ANSWER_WITHIN_MS = 10_000;

/** Finds where the things of a service are, and asks the hosts that have them. */
@Injectable()
export class LiveHosts {
  constructor(
    private readonly truth: Truth,
    private readonly queues: Queues,
    private readonly uptime: Uptime,
    private readonly configuration: Configuration,
  ) {}

  /** NOT_FOUND for a service that is not there, STATE_CONFLICT for one that is not deployed. */
  async service(nsInstanceId: string, attempted: string): Promise<DeployedService> {
    const row = found(await this.truth.instances.find(nsInstanceId), 'service instance', nsInstanceId);
    if (row.planId === null)
      throw conflict(
        attempted,
        `service instance ${nsInstanceId}`,
        'it is not deployed',
        'Instantiate it first',
      );
    const plan = found(await this.truth.instances.plan(row.planId), 'plan', row.planId);
    return new DeployedService(row.id, row.name, plan, row.graph ?? undefined);
  }

  /**
   * Asks a host by its id. What the agent answers with is thrown as it was there; HOST_UNREACHABLE where it does not answer, at
   * once where its heart does not beat either.
   */
  async ask<K extends QuestionKind>(
    host: string,
    kind: K,
    question: QuestionOf<K>,
    withinMs = ANSWER_WITHIN_MS,
  ): Promise<AnswerOf<K>> {
    const row = found((await this.truth.hosts.findMany([host]))[0], 'host', host);
    this.refuseSilent(row, QUESTIONS[kind].attempted(question));
    const key = found(await this.truth.hosts.messageKey(host), 'host', host);
    return this.queues.ask({ host, name: row.name, key }, kind, question, withinMs);
  }

  private refuseSilent(host: HostRow, attempted: string): void {
    const { ready, reason } = readinessOf(
      host,
      Date.now(),
      this.uptime.since,
      this.configuration.timings.hostSilenceMs,
    );
    if (ready) return;
    throw new UnderwareError({
      code: 'HOST_UNREACHABLE',
      attempted,
      on: host.name,
      why: reason ?? 'it does not answer',
      remedy: 'Start its agent, then try again',
    });
  }
}
