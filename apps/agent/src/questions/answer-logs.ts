import { UnderwareError } from '@underware/core';
import type { LogsAnswer, LogsQuestion } from '@underware/jobs';
import type { AskedOf } from './asked-of.js';

/** The last lines of a workload that this host has, or is to have. */
export async function answerLogs(
  { host, slices }: AskedOf,
  { workload, vnf, service, tail }: LogsQuestion,
): Promise<LogsAnswer> {
  const found = (await slices()).flatMap(({ slice }) => slice.workloads).find(({ key }) => key === workload);
  if (found) return { text: await host.logs(found, tail) };
  throw new UnderwareError({
    code: 'NOT_FOUND',
    attempted: 'read logs',
    on: `${vnf} of ${service}`,
    why: 'this host has no such workload',
    remedy: 'Look where the VNF is placed',
  });
}
