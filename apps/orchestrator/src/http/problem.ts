import type { ErrorCode, ErrorReport, ProblemDetails } from '@underware/core';
import { describeError } from '@underware/core';
import { STATUS_CODES } from 'node:http';
import type { ServerResponse } from 'node:http';

/** The status of every error code at the API's edge. */
export const STATUS: Record<ErrorCode, number> = {
  DESCRIPTOR_INVALID: 422,
  INPUT_INVALID: 400,
  PAYLOAD_INVALID: 400,
  NOT_FOUND: 404,
  STATE_CONFLICT: 409,
  UNAUTHENTICATED: 401,
  FORBIDDEN: 403,
  PACKAGE_MALFORMED: 422,
  PACKAGE_UNSIGNED: 422,
  PACKAGE_ALTERED: 422,
  PACKAGE_KEY_UNKNOWN: 422,
  PACKAGE_MISSING: 404,
  PLAN_IMPOSSIBLE: 409,
  CAPABILITY_MISSING: 500,
  BPFFS_MISSING: 500,
  KERNEL_FEATURE_MISSING: 500,
  VERIFIER_REJECTED: 500,
  BPF_FAILED: 500,
  STATE_INCOMPATIBLE: 409,
  HOOK_BUSY: 500,
  DEVICE_MISSING: 500,
  DEVICE_BUSY: 500,
  NETWORK_FAILED: 500,
  ASSERTION_FAILED: 500,
  UNDO_FAILED: 500,
  GENERATION_STALE: 409,
  RUNTIME_UNAVAILABLE: 500,
  WORKLOAD_FAILED: 500,
  HEALTH_CHECK_FAILED: 500,
  CANARY_OUTSIDE: 409,
  HOST_UNREACHABLE: 504,
  TIMED_OUT: 504,
  INTERNAL: 500,
};

export function problemOf(report: ErrorReport, status = STATUS[report.code]): ProblemDetails {
  return {
    type: 'about:blank',
    title: STATUS_CODES[status] ?? 'Error',
    status,
    detail: describeError(report),
    report,
  };
}

export function writeProblem(
  response: ServerResponse,
  problem: ProblemDetails,
  headers: Record<string, string> = {},
): void {
  if (response.headersSent) {
    response.destroy();
    return;
  }
  response.writeHead(problem.status, { ...headers, 'Content-Type': 'application/problem+json' });
  response.end(JSON.stringify(problem));
}
