import { ERROR_CODES, toErrorReport } from '@underware/core';
import type { ErrorReport } from '@underware/core';
import { z } from 'zod';

/** What a message may hold, in characters. */
const LIMITS = { attempted: 4_096, on: 4_096, why: 65_536, remedy: 4_096, detail: 1_048_576 } as const;

export const errorReportSchema: z.ZodType<ErrorReport> = z.object({
  code: z.enum(ERROR_CODES),
  attempted: z.string().max(LIMITS.attempted),
  on: z.string().max(LIMITS.on),
  why: z.string().max(LIMITS.why),
  remedy: z.string().max(LIMITS.remedy),
  detail: z.string().max(LIMITS.detail).exactOptional(),
});

/** Every failure of an agent becomes a report here, cut to what can be sent and stored. */
export function failureReport(thrown: unknown, attempted: string, on: string): ErrorReport {
  return clipReport(toErrorReport(thrown, attempted, on));
}

/** A log's head says what was attempted, its tail what went wrong: both stay. */
export function clipReport(report: ErrorReport): ErrorReport {
  const { detail } = report;
  return {
    ...report,
    attempted: clip(report.attempted, LIMITS.attempted),
    on: clip(report.on, LIMITS.on),
    why: clip(report.why, LIMITS.why),
    remedy: clip(report.remedy, LIMITS.remedy),
    ...(detail === undefined ? {} : { detail: clip(detail, LIMITS.detail) }),
  };
}

function clip(text: string, most: number): string {
  if (text.length <= most) return text;
  const gap = `\n… ${text.length} characters, cut …\n`;
  const head = Math.floor((most - gap.length) / 2);
  return text.slice(0, head) + gap + text.slice(text.length - (most - gap.length - head));
}
