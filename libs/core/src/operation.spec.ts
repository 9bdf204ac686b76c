import { describe, expect, it } from '@jest/globals';
import { OPERATION_STATES, actionsAllowedIn } from './operation.js';

describe('operation states', () => {
  it('can be left by retry, rollback and fail where a step failed, and by no action elsewhere', () => {
    const allowed = OPERATION_STATES.map((state) => [state, actionsAllowedIn(state)]);
    expect(Object.fromEntries(allowed)).toEqual({
      PROCESSING: [],
      COMPLETED: [],
      FAILED_TEMP: ['retry', 'rollback', 'fail'],
      FAILED: [],
      ROLLING_BACK: [],
      ROLLED_BACK: [],
    });
  });
});
