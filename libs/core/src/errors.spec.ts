import { describe, expect, it } from '@jest/globals';
import { UnderwareError, toErrorReport } from './errors.js';

const report = {
  code: 'HOOK_BUSY',
  attempted: 'attach the root program',
  on: 'uplink0 xdp',
  why: 'program 17 "other" is attached',
  remedy: 'Detach it, or exclude the device.',
} as const;

describe('errors', () => {
  it('say what was attempted, on what, why and what to do', () => {
    expect(new UnderwareError(report).message).toBe(
      'Cannot attach the root program on uplink0 xdp: program 17 "other" is attached. Detach it, or exclude the device.',
    );
  });

  it('end every sentence once', () => {
    const both = { ...report, why: 'It is busy.', remedy: 'Wait' };
    expect(new UnderwareError(both).message).toMatch(/: It is busy\. Wait\.$/);
  });

  it('keep their report and cause across a boundary', () => {
    const cause = new Error('EBUSY');
    const error = new UnderwareError(report, { cause });
    expect(error.cause).toBe(cause);
    expect(toErrorReport(error, 'anything', 'else')).toBe(report);
  });

  it('report what was not foreseen as INTERNAL, with the message kept', () => {
    expect(toErrorReport(new TypeError('x is undefined'), 'plan', 'service s')).toMatchObject({
      code: 'INTERNAL',
      attempted: 'plan',
      on: 'service s',
      why: 'x is undefined',
    });
    expect(toErrorReport('thrown text', 'plan', 'service s').why).toBe('thrown text');
  });
});
