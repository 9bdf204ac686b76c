import type { ErrorReport } from './errors.js';

/** SOL005 names and values. */
export type NsState = 'NOT_INSTANTIATED' | 'INSTANTIATED';
export const OPERATION_TYPES = ['INSTANTIATE', 'UPDATE', 'TERMINATE'] as const;
export type OperationType = (typeof OPERATION_TYPES)[number];
export const OPERATION_STATES = [
  'PROCESSING',
  'COMPLETED',
  'FAILED_TEMP',
  'FAILED',
  'ROLLING_BACK',
  'ROLLED_BACK',
] as const;
export type OperationState = (typeof OPERATION_STATES)[number];

/**
 * Where a running operation is; each ends at a barrier that every host of the plan must have reported. With a canary, the
 * first three of an update: what it does before is measured, it alone gets the new plan, it is watched.
 */
export const PHASES = [
  'planning',
  'measuring',
  'canary',
  'watching',
  'conditioning',
  'starting',
  'stopping',
  'unconditioning',
  'done',
] as const;
export type Phase = (typeof PHASES)[number];

export type OperationAction = 'retry' | 'rollback' | 'fail';

/** Which action may be taken in which state; shared by server, CLI and console. */
export const ALLOWED_STATES: Record<OperationAction, readonly OperationState[]> = {
  retry: ['FAILED_TEMP'],
  rollback: ['FAILED_TEMP'],
  fail: ['FAILED_TEMP'],
};

export function actionsAllowedIn(state: OperationState): OperationAction[] {
  return (Object.keys(ALLOWED_STATES) as OperationAction[]).filter((action) =>
    ALLOWED_STATES[action].includes(state),
  );
}

/** Problem details (RFC 9457) with the typed report of what failed. */
export interface ProblemDetails {
  type: string;
  title: string;
  status: number;
  detail: string;
  report?: ErrorReport;
}
