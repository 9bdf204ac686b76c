import { describe, expect, it } from '@jest/globals';
import type { AgentMessage } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { agentMessageSchema } from './agent-message-schema.js';
import { failureReport } from './error-report.js';

const long = (size: number): string => `head ${'x'.repeat(size)} tail`;

describe('failureReport', () => {
  it('cuts every field to what a message may hold, and keeps head and tail', () => {
    const report = {
      code: 'VERIFIER_REJECTED' as const,
      attempted: long(5_000),
      on: long(5_000),
      why: long(70_000),
      remedy: long(5_000),
      detail: long(3_000_000),
    };
    const error = failureReport(new UnderwareError(report), '', '');
    const message: AgentMessage = {
      type: 'applied',
      host: 'h1',
      boot: 'b',
      at: new Date().toISOString(),
      generation: 1,
      sequence: 1,
      slices: [{ service: 's', stage: 'failed', error }],
    };
    expect(agentMessageSchema.parse(message)).toEqual(message);
    for (const text of [error.attempted, error.on, error.why, error.remedy, error.detail])
      expect(text).toMatch(/^head x+\n… .* cut …\nx+ tail$/);
  });

  it('leaves what fits alone', () => {
    const report = { code: 'NOT_FOUND' as const, attempted: 'a', on: 'b', why: 'c', remedy: 'd' };
    expect(failureReport(new UnderwareError(report), '', '')).toEqual(report);
  });
});
