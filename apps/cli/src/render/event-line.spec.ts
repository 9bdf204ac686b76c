import { expect, test } from '@jest/globals';
import { eventLine } from './event-line.js';

const STEP = {
  service: 's1',
  hostName: 'h2',
  status: 'done',
  name: 'load-instance b-1',
  title: 'load guard firewall@0.1.0 on web_port inbound',
  reason: 'it is loaded again: its pin is gone',
};

test.each([
  [
    'a step of an operation',
    { ...STEP, operation: 'op' },
    `shop  h2  done     ${STEP.title}: ${STEP.reason}`,
  ],
  ['that one began', { ...STEP, operation: 'op', status: 'started' }, `shop  h2  started  ${STEP.title}`],
  ['what a host mends, with the reason', STEP, `shop  h2  done     mend: ${STEP.title}: ${STEP.reason}`],
  [
    'a failure, with its first line',
    { ...STEP, operation: 'op', status: 'failed', error: { why: 'no room\nat all' } },
    `shop  h2  failed   ${STEP.title}: no room`,
  ],
  [
    'an agent that gives no titles',
    { ...STEP, operation: 'op', title: undefined, reason: undefined },
    'shop  h2  done     load-instance b-1',
  ],
])('tells %s', (_case, data, line) => {
  expect(eventLine('step', data, new Map([['s1', 'shop']]))).toBe(`step       ${line}`);
});
