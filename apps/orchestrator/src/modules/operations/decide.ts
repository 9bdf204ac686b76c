import type { Phase } from '@underware/core';
import { standingAt } from './barrier.js';
import { decideCanary } from './decide-canary.js';
import type { AskingPhase, Move, Situation } from './situation.js';

/** The order of phases towards a service instance that runs, and towards none. */
const NEXT: Record<'up' | 'down', Partial<Record<Phase, AskingPhase | 'done'>>> = {
  up: { conditioning: 'starting', starting: 'done' },
  down: { stopping: 'unconditioning', unconditioning: 'done' },
};

/** What an operation does next. Pure: the same situation gives the same move. */
export function decide(situation: Situation): Move {
  const { type, phase, rollingBack, barrier, planned, canary } = situation;
  // An update, and what takes it back, leads from what runs to what runs.
  const towards = type !== 'UPDATE' && (type === 'INSTANTIATE') === rollingBack ? 'down' : 'up';
  if (phase === 'done') return { kind: 'wait' };
  if (towards === 'down' && !planned) return { kind: 'finish', nsState: 'NOT_INSTANTIATED' };
  if (phase === 'planning') return { kind: 'plan' };
  if (phase === 'measuring' || phase === 'canary' || phase === 'watching') {
    if (canary !== undefined) return decideCanary(situation, canary, phase);
    return { kind: 'ask', phase: 'conditioning' };
  }
  if (barrier === null) return { kind: 'ask', phase };

  const standing = standingAt(situation, barrier, phase);
  if (standing === 'pending') return { kind: 'wait' };
  if (standing !== 'reached') return { kind: 'fail', error: standing };
  const isLast = type === 'UPDATE' && situation.changesVnfs === false;
  const next = isLast ? 'done' : NEXT[towards][phase];
  if (next === undefined || next === 'done') {
    return { kind: 'finish', nsState: towards === 'up' ? 'INSTANTIATED' : 'NOT_INSTANTIATED' };
  }
  return { kind: 'ask', phase: next };
}
