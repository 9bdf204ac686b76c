import { setTimeout as pause } from 'node:timers/promises';

/** How long the server may take for what is left once no handler runs: taking the result, saying goodbye. */
export const GOODBYE_MS = 3_000;
/** A server that has not answered by then is away. */
const ANSWER_MS = 1_000;

/** The part of BullMQ's worker that is closed. */
interface Worker {
  close(force: boolean): Promise<void>;
}

/**
 * Closes a worker: it takes no more jobs, and its running handlers are waited for, however long they take. The server is
 * not: BullMQ's own close never ends while Redis is away, since it waits for the end of a connection that is not there.
 *
 * `answers` asks the server for anything; `running` are the handlers under way. Where the server is away, their results
 * are lost and the jobs run again elsewhere, as after a crash.
 */
export async function closeWorker(
  worker: Worker,
  running: ReadonlySet<Promise<unknown>>,
  answers: () => Promise<unknown>,
): Promise<void> {
  const isThere = await within(ANSWER_MS, answers());
  const closed = worker.close(!isThere);
  do await Promise.allSettled(running);
  while (!(await within(GOODBYE_MS, closed)) && running.size > 0);
}

/** Whether it came to a good end in time; it is not waited for any longer. */
export async function within(milliseconds: number, promise: Promise<unknown>): Promise<boolean> {
  const timer = new AbortController();
  const late = pause(milliseconds, false, { signal: timer.signal }).catch(() => false);
  const done = promise.then(
    () => true,
    () => false,
  );
  return Promise.race([done, late]).finally(() => timer.abort());
}
