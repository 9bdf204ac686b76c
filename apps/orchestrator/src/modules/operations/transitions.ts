import type { Phase } from '@underware/core';
import type { Move } from './situation.js';

/** One move of an operation, at one of the points between which a process can die. */
export interface Transition {
  operation: string;
  service: string;
  move: Exclude<Move['kind'], 'wait'>;
  phase: Phase;
  /** `decided`: nothing is kept yet. `committed`: it is kept, hosts are not told. `dispatched`: hosts are told. */
  point: 'decided' | 'committed' | 'dispatched';
}

/** Where the engine's moves are recorded. */
export abstract class Transitions {
  abstract record(transition: Transition): void;
}
