import { z } from 'zod';

/** Packets as they pass plugin instances that may sample them. */
export interface CaptureQuestion {
  /** Keys of plugin instances. */
  instances: string[];
  /** One of so many packets. */
  every: number;
  /** Bytes of each. */
  snap: number;
  /** It ends with so many packets, or after so many seconds. */
  count: number;
  seconds: number;
}

export interface CaptureAnswer {
  packets: CapturedPacket[];
  /** Packets that were sampled and did not fit. */
  lost: number;
}

export interface CapturedPacket {
  instance: string;
  /** Microseconds since 1970. */
  at: number;
  /** Of the whole packet. */
  bytes: number;
  /** What was captured of it, in base64. */
  data: string;
}

export const MOST_CAPTURED = { packets: 10_000, seconds: 60, snap: 2_048 } as const;

export const captureQuestionSchema: z.ZodType<CaptureQuestion> = z.object({
  instances: z.array(z.string().min(1)).min(1).max(100),
  every: z.int().min(1).max(1_000_000),
  snap: z.int().min(14).max(MOST_CAPTURED.snap),
  count: z.int().min(1).max(MOST_CAPTURED.packets),
  seconds: z.number().positive().max(MOST_CAPTURED.seconds),
});

export const captureAnswerSchema: z.ZodType<CaptureAnswer> = z.object({
  packets: z.array(
    z.object({
      instance: z.string(),
      at: z.int().nonnegative(),
      bytes: z.int().nonnegative(),
      data: z.base64(),
    }),
  ),
  lost: z.int().nonnegative(),
});
