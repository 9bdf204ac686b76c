import { HOOKS, VERDICTS } from '@underware/core';
import type { Hook, PacketSpec, Verdict } from '@underware/core';
import { z } from 'zod';
import { packetSpecSchema } from '../host-state-schema.js';

/** What the chain of a port would do with a packet. */
export interface TraceQuestion {
  /** Key of a desired port. */
  port: string;
  hook: Hook;
  packet: PacketSpec;
  /** Where the sender would send it on a segment; undefined: to the other end of the port. */
  destinationMac?: string;
}

export interface TraceAnswer {
  verdict: Verdict;
  /** Ethernet frame that was given to the chain, hex. */
  sent: string;
  hops: TracedHop[];
}

/** What one plugin instance did. */
export interface TracedHop {
  device: string;
  hook: Hook;
  /** Of the plugin instance. */
  key: string;
  verdict: Verdict;
  /** The frame as it left it, hex. */
  frame: string;
  /** What it counted, by telemetry map. */
  maps: Record<string, { key: unknown; value: unknown }[]>;
}

const frame = z.string().max(140_000);

export const traceQuestionSchema: z.ZodType<TraceQuestion> = z.object({
  port: z.string().min(1).max(256),
  hook: z.enum(HOOKS),
  packet: packetSpecSchema,
  destinationMac: z.string().max(17).exactOptional(),
});

export const traceAnswerSchema: z.ZodType<TraceAnswer> = z.object({
  verdict: z.enum(VERDICTS),
  sent: frame,
  hops: z
    .array(
      z.object({
        device: z.string().max(16),
        hook: z.enum(HOOKS),
        key: z.string().max(64),
        verdict: z.enum(VERDICTS),
        frame,
        maps: z.record(z.string(), z.array(z.object({ key: z.unknown(), value: z.unknown() }))),
      }),
    )
    .max(64),
});
