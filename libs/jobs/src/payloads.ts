import { UnderwareError } from '@underware/core';
import type { HostState } from '@underware/core';
import { z } from 'zod';
import { hostStateSchema } from './host-state-schema.js';

/** What a host must be. Delivering it twice, late or after a crash is harmless. */
export interface HostJob {
  host: string;
  generation: number;
  state: HostState;
}

export const hostJobSchema: z.ZodType<HostJob> = z
  .object({ host: z.string().min(1), generation: z.int().nonnegative(), state: hostStateSchema })
  .refine((job) => job.state.host === job.host && job.state.generation === job.generation, {
    message: 'the state is of another host or generation than the job',
  });

/** Asks the worker to look at an operation and move it on. */
export interface OperationJob {
  operation: string;
}

export const operationJobSchema: z.ZodType<OperationJob> = z.object({ operation: z.uuid() });

/** Checks a payload from a queue; anything unexpected is PAYLOAD_INVALID with the path of every finding. */
export function parsePayload<T>(schema: z.ZodType<T>, payload: unknown, on: string): T {
  const parsed = schema.safeParse(payload);
  if (parsed.success) return parsed.data;
  const findings = parsed.error.issues.map(
    (issue) => `${issue.path.join('.') || 'payload'}: ${issue.message}`,
  );
  throw new UnderwareError({
    code: 'PAYLOAD_INVALID',
    attempted: 'read a payload',
    on,
    why: findings.slice(0, 5).join('; '),
    remedy: 'Sender and receiver must run the same version of Underware; nothing was changed',
    ...(findings.length > 5 ? { detail: findings.join('\n') } : {}),
  });
}
