import { expect, it } from '@jest/globals';
import { UnderwareClient } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { runCli } from '../run.spec-support.js';

const TAKEN = new UnderwareError({
  code: 'STATE_CONFLICT',
  attempted: 'enrol the host',
  on: 'h2',
  why: 'a host of this name is enrolled',
  remedy: 'Remove it first',
});

/** Enrols any host but h2. */
const client = Object.assign(new UnderwareClient({ url: 'http://x', token: 't' }), {
  enrolHost: async (name: string) => {
    if (name === 'h2') throw TAKEN;
    return { id: `id-${name}`, name, token: `secret-${name}`, queueUrl: 'q' };
  },
});

it.each([
  ['as text', []],
  ['as data', ['--json']],
])('shows the token of a host that was enrolled before one that is refused, %s', async (_form, options) => {
  const { code, out } = await runCli(['hosts', 'add', 'h1', 'h2', 'h3', ...options], {
    client: () => client,
  });
  expect(code).toBe(1);
  expect(out).toContain('secret-h1');
  expect(out).not.toContain('secret-h3');
});
