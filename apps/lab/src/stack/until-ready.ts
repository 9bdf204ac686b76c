import { UnderwareError } from '@underware/core';
import { waitFor } from '@underware/testkit';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Daemon } from './daemon.js';
import type { LabLayout } from './layout.js';

const READY_MS = 30_000;

/** Waits for what the daemons must come to; one that ends instead is told at once, with the end of its log. */
export async function untilReady<T>(
  layout: LabLayout,
  daemons: Daemon[],
  ready: () => Promise<T>,
  signal?: AbortSignal,
): Promise<NonNullable<T>> {
  const outcome = await waitFor(
    `${daemons.map(({ role }) => role).join(', ')} to be ready`,
    async () => {
      if (signal?.aborted) return { aborted: true };
      for (const daemon of daemons) if (!(await daemon.isRunning())) return { ended: daemon.role };
      const value = await ready();
      return value ? { value } : undefined;
    },
    { deadlineMs: READY_MS, everyMs: 50 },
  );
  signal?.throwIfAborted();
  if (outcome.value) return outcome.value;
  const file = join(layout.logs, `${outcome.ended}.log`);
  const log = await readFile(file, 'utf8').catch(() => '');
  throw new UnderwareError({
    code: 'INTERNAL',
    attempted: `start ${outcome.ended}`,
    on: layout.run,
    why: 'it ended',
    remedy: `Read ${file}; its end is below`,
    detail: log.trimEnd().split('\n').slice(-20).join('\n'),
  });
}
