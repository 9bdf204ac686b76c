import { UnderwareError } from '@underware/core';
import { describeKernel } from '@underware/testkit';
import { existsSync } from 'node:fs';
import { describe } from '@jest/globals';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';

const CHROMIUM = '/usr/bin/chromium';

export function startChromium(): Promise<Browser> {
  // Root may not use Chromium's own sandbox; only pages of the stack under test are opened.
  return chromium.launch({
    executablePath: CHROMIUM,
    args: process.getuid?.() === 0 ? ['--no-sandbox'] : [],
  });
}

/** `describeKernel` for tests that need a browser too; skipped by name without one, refused where CI=true. */
export function describeBrowser(name: string, body: () => void): void {
  if (existsSync(CHROMIUM)) return describeKernel(name, body);
  if (process.env['CI'] === 'true') {
    throw new UnderwareError({
      code: 'NOT_FOUND',
      attempted: 'run a browser test',
      on: name,
      why: `${CHROMIUM} is not there`,
      remedy: 'Install chromium, or run without CI=true to skip the test',
    });
  }
  const { skip } = describe;
  skip(`${name} [skipped: ${CHROMIUM} is not there]`, () => body());
}
