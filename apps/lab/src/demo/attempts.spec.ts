import { describe, expect, it } from '@jest/globals';
import { readAttempts, tally } from './attempts.js';

const LOG = `2026-01-01T00:00:00.000Z connect [10.60.0.10]:8080 ok 200
2026-01-01T00:00:00.001Z connect [fd60::10]:9090 timeout
2026-01-01T00:00:00.002Z connect [fd60::10]:9090 ok 200
half a li`;

describe('the client log', () => {
  it('is read line by line, leaving out what is no attempt', () => {
    expect(readAttempts(LOG)).toEqual([
      { at: '2026-01-01T00:00:00.000Z', address: '10.60.0.10', port: 8080, outcome: 'ok 200' },
      { at: '2026-01-01T00:00:00.001Z', address: 'fd60::10', port: 9090, outcome: 'timeout' },
      { at: '2026-01-01T00:00:00.002Z', address: 'fd60::10', port: 9090, outcome: 'ok 200' },
    ]);
  });

  it('is counted by what came of each address and port', () => {
    expect(tally(readAttempts(LOG))).toEqual([
      { address: '10.60.0.10', port: 8080, outcomes: { 'ok 200': 1 } },
      { address: 'fd60::10', port: 9090, outcomes: { timeout: 1, 'ok 200': 1 } },
    ]);
  });
});
