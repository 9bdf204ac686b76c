import type { ErrorReport } from '@underware/core';

/** What the agent says to its operator; pino in production. */
export interface AgentLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
}

/** An error's fields for a log line; `detail` may be a whole verifier log and stays out. */
export function errorFields({ code, attempted, on, why, remedy }: ErrorReport): object {
  return { error: { code, attempted, on, why, remedy } };
}
