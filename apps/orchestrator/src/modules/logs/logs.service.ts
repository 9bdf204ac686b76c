import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import { Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import { conflict, found } from '../../not-found.js';

const ANSWER_WITHIN_MS = 10_000;
const LONGEST_TAIL = 10_000;

@Injectable()
export class LogsService {
  constructor(
    private readonly truth: Truth,
    private readonly queues: Queues,
  ) {}

  async get(nsInstanceId: string, vnf: string, tail: number): Promise<string> {
    if (tail < 1 || tail > LONGEST_TAIL) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'read logs',
        on: vnf,
        why: `tail must be 1 to ${LONGEST_TAIL}`,
        remedy: 'Ask for fewer lines',
      });
    }
    const instance = found(await this.truth.instances.find(nsInstanceId), 'service instance', nsInstanceId);
    if (instance.planId === null) {
      throw conflict(
        'read logs',
        `service instance ${nsInstanceId}`,
        'it is not deployed',
        'Instantiate it first',
      );
    }
    const plan = found(await this.truth.instances.plan(instance.planId), 'plan', instance.planId);
    const placement = found(
      plan.placements.find((each) => each.vnf === vnf),
      'VNF',
      vnf,
    );
    const { host } = placement;
    const workload = found(
      plan.slices[host]?.workloads.find((each) => each.vnf === vnf),
      'workload of VNF',
      vnf,
    );
    const key = found(await this.truth.hosts.messageKey(host), 'host', host);
    const request = { kind: 'logs', host, service: nsInstanceId, vnf, workload: workload.key, tail } as const;
    return this.queues.requestLogs(request, key, ANSWER_WITHIN_MS);
  }
}
