import type { BackendChecks } from '@underware/core';

/** What checks came to so far. `unknown`: not enough of them to say; it gets no connections while others serve. */
export interface Standing {
  state: 'unknown' | 'up' | 'down';
  /** Checks in a row that contradict the state. */
  streak: number;
}

/** The first check that succeeds is enough for a backend that is new: nothing was ever wrong with it. */
export function standingAfter(
  { state, streak }: Standing,
  succeeded: boolean,
  { rise, fall }: Pick<BackendChecks, 'rise' | 'fall'>,
): Standing {
  if ((state === 'up' && succeeded) || (state === 'down' && !succeeded)) return { state, streak: 0 };
  if (state === 'unknown' && succeeded) return { state: 'up', streak: 0 };
  if (streak + 1 < (succeeded ? rise : fall)) return { state, streak: streak + 1 };
  return { state: succeeded ? 'up' : 'down', streak: 0 };
}
