import { z } from 'zod';

/** The largest flows that plugin instances remember. */
export interface FlowsQuestion {
  /** Keys of plugin instances that keep a map `flows`. */
  instances: string[];
  /** How many of each instance at most, those with the most bytes. */
  top: number;
}

export interface FlowsAnswer {
  flows: SeenFlow[];
  /** How many flows all of them remember. */
  known: number;
}

export interface SeenFlow {
  instance: string;
  startedAt: string;
  lastAt: string;
  /** The plugin's own key and value, decoded through BTF. */
  key: Record<string, unknown>;
  value: Record<string, unknown>;
}

export const MOST_FLOWS = 1_000;

export const flowsQuestionSchema: z.ZodType<FlowsQuestion> = z.object({
  instances: z.array(z.string().min(1)).max(1_000),
  top: z.int().min(1).max(MOST_FLOWS),
});

const fields = z.record(z.string(), z.unknown());

export const flowsAnswerSchema: z.ZodType<FlowsAnswer> = z.object({
  flows: z.array(
    z.object({
      instance: z.string(),
      startedAt: z.iso.datetime(),
      lastAt: z.iso.datetime(),
      key: fields,
      value: fields,
    }),
  ),
  known: z.int().nonnegative(),
});
