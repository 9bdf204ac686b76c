import type { FlowsAnswer, FlowsQuestion } from '@underware/jobs';
import { wallClock } from '../wall-clock.js';
import type { AskedOf } from './asked-of.js';

/** The map in which plugins that watch flows keep them. */
export const FLOWS = 'flows';

/** The largest flows of those of the instances that this host is to have. */
export async function answerFlows(
  { host, slices }: AskedOf,
  { instances, top }: FlowsQuestion,
): Promise<FlowsAnswer> {
  const wanted = new Set(instances);
  const keys = new Set(
    (await slices())
      .flatMap(({ slice }) => slice.instances)
      .flatMap(({ key }) => (wanted.has(key) ? [key] : [])),
  );
  const answer: FlowsAnswer = { flows: [], known: 0 };
  for (const instance of keys) {
    const { rows, known } = await host.kernel.select(instance, { map: FLOWS, by: 'bytes', most: top });
    answer.known += known;
    for (const row of rows) {
      const key = fieldsOf(row.key);
      const value = fieldsOf(row.value);
      const [startedAt, lastAt] = [wallClock(value['first_ns']), wallClock(value['last_ns'])];
      answer.flows.push({ instance, startedAt, lastAt, key, value });
    }
  }
  return answer;
}

function fieldsOf(struct: unknown): Record<string, unknown> {
  return typeof struct === 'object' && struct !== null ? Object.fromEntries(Object.entries(struct)) : {};
}
