/**
 * Every error of the system has one of these codes. Tests and callers match codes, never texts.
 * A new code is added here, with the status it maps to at the API's edge in `apps/orchestrator`.
 */
export const ERROR_CODES = [
  // input
  'DESCRIPTOR_INVALID',
  'INPUT_INVALID',
  'PAYLOAD_INVALID',
  'NOT_FOUND',
  'STATE_CONFLICT',
  'UNAUTHENTICATED',
  'FORBIDDEN',
  // plugin packages
  'PACKAGE_MALFORMED',
  'PACKAGE_UNSIGNED',
  'PACKAGE_ALTERED',
  'PACKAGE_KEY_UNKNOWN',
  'PACKAGE_MISSING',
  // planning
  'PLAN_IMPOSSIBLE',
  // kernel and host
  'CAPABILITY_MISSING',
  'BPFFS_MISSING',
  'KERNEL_FEATURE_MISSING',
  'VERIFIER_REJECTED',
  'BPF_FAILED',
  'STATE_INCOMPATIBLE',
  'HOOK_BUSY',
  'DEVICE_MISSING',
  'DEVICE_BUSY',
  'NETWORK_FAILED',
  'ASSERTION_FAILED',
  'UNDO_FAILED',
  'GENERATION_STALE',
  // workloads
  'RUNTIME_UNAVAILABLE',
  'WORKLOAD_FAILED',
  'HEALTH_CHECK_FAILED',
  // operations
  'CANARY_OUTSIDE',
  'HOST_UNREACHABLE',
  'TIMED_OUT',
  'INTERNAL',
] as const;

export type ErrorCode = (typeof ERROR_CODES)[number];

/** What crosses a process boundary when something failed: plain data, no stack, no secret. */
export interface ErrorReport {
  code: ErrorCode;
  /** What was attempted, e.g. `load plugin instance`. */
  attempted: string;
  /** On which object, e.g. `firewall@0.1.0 on h2/web_port inbound`. */
  on: string;
  /** Why it failed: the cause in one line, with errno where a system call failed. */
  why: string;
  /** What the reader can do about it. */
  remedy: string;
  /** Longer evidence: a verifier log, a command's standard error, findings with line and column. */
  detail?: string;
}

/** An error that says what was attempted, on what, why it failed and what to do. */
export class UnderwareError extends Error {
  override readonly name = 'UnderwareError';
  readonly report: ErrorReport;

  constructor(report: ErrorReport, options?: { cause?: unknown }) {
    super(describeError(report), options);
    this.report = report;
  }

  get code(): ErrorCode {
    return this.report.code;
  }
}

/** For people: `Cannot load plugin instance on X: why. Remedy.` Texts may end in a full stop of their own or not. */
export function describeError(report: ErrorReport): string {
  return `Cannot ${report.attempted} on ${report.on}: ${sentence(report.why)} ${sentence(report.remedy)}`;
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`;
}

/** Turns anything thrown into a report; what is not an UnderwareError becomes INTERNAL with its message. */
export function toErrorReport(thrown: unknown, attempted: string, on: string): ErrorReport {
  if (thrown instanceof UnderwareError) return thrown.report;
  return {
    code: 'INTERNAL',
    attempted,
    on,
    why: thrown instanceof Error ? thrown.message : String(thrown),
    remedy: 'This is a defect in Underware: keep the log and report it.',
  };
}
