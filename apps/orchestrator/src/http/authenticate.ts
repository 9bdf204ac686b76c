import type { ErrorReport } from '@underware/core';
import type { Truth } from '@underware/store';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { Log } from '../log.js';
import type { ApiRequest, Identity } from './api-request.js';
import { auditRefusal, isChange } from './audit-refusal.js';
import { BoundedRefusals } from './bounded-refusals.js';
import { problemOf, writeProblem } from './problem.js';

/** Only hashes of tokens are kept; a token is 32 random bytes, so that a plain hash is enough. */
export function tokenHash(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}

/**
 * Lets nobody pass without a token, whatever the address looks like: which handler it leads to is the router's to say, and
 * a second opinion here could differ from it. Runs before any body is read, so that who has no token cannot make the
 * orchestrator read one.
 */
export function authenticate(
  truth: Truth,
  log: Log,
): (request: ApiRequest, response: ServerResponse, next: () => void) => Promise<void> {
  const refusals = new BoundedRefusals();
  const check = async (request: ApiRequest, response: ServerResponse): Promise<boolean> => {
    try {
      const identity = await identify(truth, request.headers.authorization);
      if (identity) {
        request.identity = identity;
        return true;
      }
      const given = request.headers.authorization !== undefined;
      const why = given ? 'its bearer token is not known' : 'it carries no bearer token';
      const left = given || isChange(request) ? refusals.take(Date.now()) : undefined;
      if (left !== undefined) {
        const others = left === 0 ? '' : `; ${left} refusals before it were not entered`;
        await auditRefusal(truth, log, request, unauthenticated(request, `${why}${others}`));
      }
      writeProblem(response, problemOf(unauthenticated(request, why)), {
        'WWW-Authenticate': `Bearer realm="underware"${given ? ', error="invalid_token"' : ''}`,
        Connection: 'close',
      });
    } catch (error) {
      log.error({ error }, 'cannot check a token');
      const report: ErrorReport = {
        code: 'INTERNAL',
        attempted: 'check the token',
        on: request.url ?? '',
        why: 'the database does not answer',
        remedy: 'Try again; the log of the orchestrator says more',
      };
      writeProblem(response, problemOf(report), { Connection: 'close' });
    }
    return false;
  };
  return async (request, response, next) => {
    if (await check(request, response)) next();
  };
}

async function identify(truth: Truth, header: string | undefined): Promise<Identity | undefined> {
  const token = /^Bearer ([A-Za-z0-9._~+/-]{16,512}=*)$/i.exec(header ?? '')?.[1];
  if (token === undefined) return undefined;
  const hash = tokenHash(token);
  const operator = await truth.tokens.findByHash(hash);
  if (operator) return { kind: 'operator', name: operator.name };
  const host = await truth.hosts.findByTokenHash(hash);
  return host ? { kind: 'host', name: host.name } : undefined;
}

export function unauthenticated(request: ApiRequest, why: string): ErrorReport {
  return {
    code: 'UNAUTHENTICATED',
    attempted: `${request.method ?? ''} ${request.url?.split('?')[0] ?? ''}`,
    on: 'the API',
    why,
    remedy: 'Send "Authorization: Bearer <token>"; the admin token is in admin.token of the state directory',
  };
}
