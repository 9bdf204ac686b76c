import { z } from 'zod';

/** The last `tail` lines that a workload wrote. */
export interface LogsQuestion {
  service: string;
  vnf: string;
  /** Key of the workload, 16 hex digits. */
  workload: string;
  tail: number;
}

export interface LogsAnswer {
  text: string;
}

export const logsQuestionSchema: z.ZodType<LogsQuestion> = z.object({
  service: z.string().min(1),
  vnf: z.string().min(1),
  workload: z.string().min(1),
  tail: z.int().min(1).max(100_000),
});

export const logsAnswerSchema: z.ZodType<LogsAnswer> = z.object({ text: z.string() });
