import { Injectable } from '@nestjs/common';
import { Queues } from '@underware/jobs';
import type { AnswerOf, QuestionKind, QuestionOf } from '@underware/jobs';
import { Truth } from '@underware/store';
import { conflict, found } from '../../not-found.js';
import { DeployedService } from './deployed-service.js';

const ANSWER_WITHIN_MS = 10_000;

/** Finds where the things of a service are, and asks the hosts that have them. */
@Injectable()
export class LiveHosts {
  constructor(
    private readonly truth: Truth,
    private readonly queues: Queues,
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

  /** Asks a host by its id. What the agent answers with is thrown as it was there; HOST_UNREACHABLE where it does not answer. */
  async ask<K extends QuestionKind>(
    host: string,
    kind: K,
    question: QuestionOf<K>,
    withinMs = ANSWER_WITHIN_MS,
  ): Promise<AnswerOf<K>> {
    const key = found(await this.truth.hosts.messageKey(host), 'host', host);
    return this.queues.ask({ host, key }, kind, question, withinMs);
  }
}
