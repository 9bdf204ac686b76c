import type { ErrorReport } from '@underware/core';
import type { Truth } from '@underware/store';
import type { Log } from '../log.js';
import { actorOf } from './api-request.js';
import type { ApiRequest } from './api-request.js';

const SAFE = new Set(['GET', 'HEAD', 'OPTIONS']);

/** Whether the method says that something is to be changed. */
export function isChange({ method = '' }: ApiRequest): boolean {
  return !SAFE.has(method);
}

/** Keeps a call that was refused before it came to what it asked for. The refusal stands, also where it cannot be kept. */
export async function auditRefusal(
  truth: Truth,
  log: Log,
  request: ApiRequest,
  report: ErrorReport,
  action?: string,
): Promise<void> {
  const call = `${request.method ?? ''} ${pathOf(request)}`;
  const entry = {
    at: new Date(),
    actor: actorOf(request),
    action: action ?? call,
    object: call,
    outcome: report.code,
    report,
  };
  await truth.audit
    .add(entry)
    .catch((error: unknown) => log.error({ error, entry }, 'cannot keep an audit entry'));
}

/** Without what it asks for, and no longer than anybody reads; the database takes no U+0000. */
function pathOf({ originalUrl, url = '' }: ApiRequest): string {
  return ((originalUrl ?? url).split('?')[0] ?? '').slice(0, 1_024);
}
