import type { OperationStep } from '@underware/client';

/** Kinds of steps that condition a host; a step's name begins with its kind. */
const CONDITIONING = [
  'create-namespace',
  'create-port',
  'add-route',
  'load-instance',
  'attach-root',
  'set-next',
  'check-assertion',
];

export interface HostTimeline {
  host: string;
  /** Conditioning steps that were done, assertions among them. */
  steps: number;
  assertions: number;
  /** When the last of them was done; ISO 8601, as the host's agent noted it. */
  conditionedAt: string;
}

export interface Timeline {
  hosts: HostTimeline[];
  /** When the first VNF of the service was started, on any host. */
  firstStart: string | undefined;
  /** Every host was done before any VNF of the service was started. */
  holds: boolean;
}

/** From the steps of an operation: when each host was conditioned, and that this was before any VNF started. */
export function timelineOf(steps: OperationStep[]): Timeline {
  const names = [...new Set(steps.map(({ hostName }) => hostName))].sort();
  const hosts = names.flatMap((host): HostTimeline[] => {
    const own = steps.filter(({ hostName }) => hostName === host);
    const startGeneration = own.find(isStart)?.generation ?? Infinity;
    // Once VNFs may start, an agent checks the assertions again; that changes nothing and is no conditioning.
    const isRecheck = ({ name, generation }: OperationStep): boolean =>
      generation >= startGeneration && name.startsWith('check-assertion');
    const done = own.filter((step) => step.status === 'done' && isConditioning(step) && !isRecheck(step));
    const conditionedAt = latest(done.map(({ at }) => at));
    if (conditionedAt === undefined) return [];
    const assertions = done.filter(({ name }) => name.startsWith('check-assertion')).length;
    return [{ host, steps: done.length, assertions, conditionedAt }];
  });
  const started = steps.filter((step) => isStart(step) && step.status === 'started');
  const firstStart = started.map(({ at }) => at).sort()[0];
  const holds =
    firstStart !== undefined &&
    hosts.length > 0 &&
    hosts.every(({ conditionedAt }) => conditionedAt <= firstStart);
  return { hosts, firstStart, holds };
}

function isConditioning({ name }: OperationStep): boolean {
  return CONDITIONING.some((kind) => name === kind || name.startsWith(`${kind} `));
}

function isStart({ name }: OperationStep): boolean {
  return name.startsWith('start-workload');
}

function latest(times: string[]): string | undefined {
  return times.sort().at(-1);
}
