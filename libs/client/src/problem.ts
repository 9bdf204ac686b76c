import { ERROR_CODES, UnderwareError } from '@underware/core';
import type { ErrorCode, ErrorReport } from '@underware/core';

const CODE_OF_STATUS: Record<number, ErrorCode> = {
  400: 'INPUT_INVALID',
  401: 'UNAUTHENTICATED',
  403: 'FORBIDDEN',
  404: 'NOT_FOUND',
  409: 'STATE_CONFLICT',
  413: 'PAYLOAD_INVALID',
  422: 'INPUT_INVALID',
};

/** The error that a refused request is: the server's own report where it sent one, else what the status says. */
export function errorOf(response: Response, problem: unknown, attempted: string): UnderwareError {
  return new UnderwareError(reportIn(problem) ?? reportFrom(response, problem, attempted));
}

function reportIn(problem: unknown): ErrorReport | undefined {
  if (typeof problem !== 'object' || problem === null || !('report' in problem)) return undefined;
  return isReport(problem.report) ? problem.report : undefined;
}

function isReport(value: unknown): value is ErrorReport {
  if (typeof value !== 'object' || value === null) return false;
  const fields = new Map(Object.entries(value));
  return (
    ERROR_CODES.some((code) => code === fields.get('code')) &&
    ['attempted', 'on', 'why', 'remedy'].every((field) => typeof fields.get(field) === 'string')
  );
}

function reportFrom(response: Response, problem: unknown, attempted: string): ErrorReport {
  const told =
    typeof problem === 'object' && problem !== null && 'detail' in problem ? String(problem.detail) : '';
  return {
    code: CODE_OF_STATUS[response.status] ?? 'INTERNAL',
    attempted,
    on: response.url === '' ? 'the API' : response.url,
    why: `the answer was ${response.status} ${response.statusText}${told === '' ? '' : `: ${told}`}`,
    remedy:
      response.status === 401
        ? 'Give the token of this orchestrator'
        : response.status >= 500
          ? "Read the orchestrator's log"
          : 'Correct the request',
  };
}
