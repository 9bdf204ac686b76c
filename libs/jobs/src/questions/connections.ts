import { z } from 'zod';
import { LARGEST_PAGE, page } from './maps.js';

/** Which connections of a firewall; what is not given is any. */
export interface ConnectionFilter {
  /** Of either end. */
  address?: string;
  /** Of either end. */
  port?: number;
  protocol?: 'tcp' | 'udp' | 'icmp';
}

export interface ConnectionsQuestion {
  /** Key of an instance of the firewall: all of its service on the host have the same connections. */
  instance: string;
  filter: ConnectionFilter;
  offset: number;
  limit: number;
}

export interface ConnectionsAnswer {
  connections: LiveConnection[];
  more: boolean;
}

export interface ConnectionEnd {
  address: string;
  /** Of ICMP the identifier of the echo. */
  port: number;
}

export interface LiveConnection {
  protocol: string;
  /** Index of `enum firewall_state`. */
  state: number;
  from: ConnectionEnd;
  to: ConnectionEnd;
  asked: { packets: number; bytes: number };
  answered: { packets: number; bytes: number };
  /** Id of the rule that allowed it; 0: the default. */
  rule: number;
  ageSeconds: number;
  idleSeconds: number;
}

export interface FlushQuestion {
  instance: string;
  filter: ConnectionFilter;
}

export interface FlushAnswer {
  flushed: number;
}

const instance = z.string().min(1).max(64);
const filter: z.ZodType<ConnectionFilter> = z.object({
  address: z.string().max(64).exactOptional(),
  port: z.int().min(0).max(65_535).exactOptional(),
  protocol: z.enum(['tcp', 'udp', 'icmp']).exactOptional(),
});
const end = z.object({ address: z.string().max(64), port: z.int().nonnegative() });
const count = z.number().nonnegative();
const way = z.object({ packets: count, bytes: count });

export const connectionsQuestionSchema: z.ZodType<ConnectionsQuestion> = z.object({
  instance,
  filter,
  ...page,
});
export const connectionsAnswerSchema: z.ZodType<ConnectionsAnswer> = z.object({
  connections: z
    .array(
      z.object({
        protocol: z.string().max(16),
        state: z.int().nonnegative(),
        from: end,
        to: end,
        asked: way,
        answered: way,
        rule: z.int().nonnegative(),
        ageSeconds: count,
        idleSeconds: count,
      }),
    )
    .max(LARGEST_PAGE),
  more: z.boolean(),
});
export const flushQuestionSchema: z.ZodType<FlushQuestion> = z.object({ instance, filter });
export const flushAnswerSchema: z.ZodType<FlushAnswer> = z.object({ flushed: z.int().nonnegative() });
