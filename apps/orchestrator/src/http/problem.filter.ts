import { Catch, HttpException } from '@nestjs/common';
import type { ArgumentsHost, ExceptionFilter } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import type { ErrorReport, ProblemDetails } from '@underware/core';
import type { ServerResponse } from 'node:http';
import type { Truth } from '@underware/store';
import type { Log } from '../log.js';
import { auditRefusal, isChange } from './audit-refusal.js';
import type { ApiRequest } from './api-request.js';
import type { KnownRoutes } from './known-routes.js';
import { problemOf, writeProblem } from './problem.js';

/** The one place where errors become responses. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  constructor(
    private readonly routes: KnownRoutes,
    private readonly truth: Truth,
    private readonly log: Log,
  ) {}

  catch(thrown: unknown, host: ArgumentsHost): void {
    const request = host.switchToHttp().getRequest<ApiRequest>();
    const response = host.switchToHttp().getResponse<ServerResponse>();
    const path = (request.originalUrl ?? request.url ?? '').split('?')[0] ?? '';
    const call = `${request.method ?? ''} ${path}`;
    if (thrown instanceof UnderwareError) {
      this.refuse(request, response, problemOf(thrown.report));
      return;
    }
    const status = statusOf(thrown);
    if (status === 404) {
      const allowed = this.routes.methodsOf(path);
      if (allowed.length > 0) {
        const problem = refused(
          405,
          call,
          `this resource has ${allowed.join(', ')}`,
          'Use one of these methods',
        );
        writeProblem(response, problem, { Allow: allowed.join(', ') });
        return;
      }
      writeProblem(response, refused(404, call, 'there is no such resource', 'Read the API document'));
      return;
    }
    if (status !== undefined && status >= 400 && status < 500) {
      // A body that was not read to its end cannot be followed by another request.
      const headers: Record<string, string> = status === 413 ? { Connection: 'close' } : {};
      const why = thrown instanceof Error ? thrown.message : 'it is malformed';
      this.refuse(request, response, refused(status, call, why, 'Correct the request'), headers);
      return;
    }
    this.log.error({ error: thrown, call }, 'a call failed');
    const internal: ErrorReport = {
      code: 'INTERNAL',
      attempted: call,
      on: 'the orchestrator',
      why: 'of a defect or a lost database',
      remedy: 'Try again; the log of the orchestrator says more',
    };
    writeProblem(response, problemOf(internal));
  }

  /** What was refused before a handler had it, e.g. for its body, is kept here. */
  private refuse(
    request: ApiRequest,
    response: ServerResponse,
    problem: ProblemDetails,
    headers: Record<string, string> = {},
  ): void {
    writeProblem(response, problem, headers);
    if (request.isTaken === true || !isChange(request) || problem.report === undefined) return;
    void auditRefusal(this.truth, this.log, request, problem.report);
  }
}

/** Nest's exceptions and the body parser's errors carry a status. */
function statusOf(thrown: unknown): number | undefined {
  if (thrown instanceof HttpException) return thrown.getStatus();
  if (typeof thrown !== 'object' || thrown === null || !('status' in thrown)) return undefined;
  return typeof thrown.status === 'number' ? thrown.status : undefined;
}

function refused(status: number, call: string, why: string, remedy: string): ProblemDetails {
  const code = status === 404 ? 'NOT_FOUND' : 'INPUT_INVALID';
  return problemOf({ code, attempted: call, on: 'the API', why, remedy }, status);
}
