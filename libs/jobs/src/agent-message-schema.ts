import { HOOKS, RUNTIMES } from '@underware/core';
import type { AgentMessage, HostFacts, NextHop } from '@underware/core';
import { z } from 'zod';
import { errorReportSchema } from './error-report.js';

const hook = z.enum(HOOKS);
/** As the truth's columns hold it. */
const generation = z.int().nonnegative().max(2_147_483_647);
const count = z.number().nonnegative();
const text = z.string().max(4_096);

const nextHop: z.ZodType<NextHop> = z.discriminatedUnion('kind', [
  z.object({ kind: z.literal('end') }),
  z.object({ kind: z.literal('instance'), key: text }),
  z.object({ kind: z.literal('unknown'), programId: z.int() }),
]);

const hostFacts: z.ZodType<HostFacts> = z.object({
  profile: z.object({
    release: text,
    architecture: text,
    programTypes: z.array(text),
    mapTypes: z.array(text),
    helpers: z.record(z.string(), z.array(text)),
    kfuncs: z.array(text),
    attach: z.object({ xdp: z.boolean(), tcx: z.boolean(), trampoline: z.boolean() }),
    btf: z.boolean(),
    jit: z.boolean(),
    notes: z.array(text),
  }),
  cpus: z.number().positive(),
  memoryBytes: z.number().positive(),
  runtimes: z.array(z.object({ runtime: z.enum(RUNTIMES), description: text })),
  uplinks: z.array(
    z.object({
      device: text,
      mac: text,
      mtu: z.int().positive(),
      addresses: z.array(text),
      bitsPerSecond: z.number().positive().exactOptional(),
    }),
  ),
  agentVersion: text,
  hugepages: z
    .array(z.object({ pageBytes: z.int().positive(), count: z.int().nonnegative() }))
    .max(64)
    .exactOptional(),
  devices: z.record(z.string().max(128), z.int().nonnegative()).exactOptional(),
});

const foreignProgram = z.object({ device: text, hook, programId: z.int(), name: text });

const workload = z.object({
  key: text,
  revision: text,
  runtime: z.enum(RUNTIMES),
  state: z.enum(['running', 'exited']),
  handle: text,
  exitCode: z.int().exactOptional(),
  health: z.enum(['healthy', 'unhealthy', 'starting', 'none']),
  startedAt: text.exactOptional(),
  service: text,
  vnf: text,
  restarts: count.exactOptional(),
  nextTryAt: z.iso.datetime().exactOptional(),
});

const instanceTelemetry = z.object({
  key: text,
  underservice: text,
  service: text,
  port: text,
  hook,
  verdicts: z.record(z.string(), z.object({ packets: count, bytes: count })),
  countsSince: z.iso.datetime().exactOptional(),
  memoryBytes: count.exactOptional(),
  runTime: z.object({ nanoseconds: count, runs: count }).exactOptional(),
  maps: z.record(z.string(), z.array(z.object({ key: z.unknown(), value: z.unknown() }))),
});

const instanceEvents = z.object({
  key: text,
  underservice: text,
  service: text,
  port: text,
  hook,
  events: z.array(z.object({ at: z.iso.datetime(), record: z.record(z.string(), z.unknown()) })).max(1_000),
  lost: count,
});

const stepEvent = z.object({
  generation,
  service: text,
  name: text,
  title: text.exactOptional(),
  reason: text.exactOptional(),
  status: z.enum(['started', 'done', 'failed', 'undone']),
  at: z.iso.datetime(),
  error: errorReportSchema.exactOptional(),
});

const envelope = {
  host: z.string().min(1).max(128),
  boot: z.string().min(1).max(128),
  sequence: z.int().nonnegative(),
  at: z.iso.datetime(),
};

export const agentMessageSchema: z.ZodType<AgentMessage> = z.discriminatedUnion('type', [
  z.object({ type: z.literal('registered'), ...envelope, facts: hostFacts }),
  z.object({
    type: z.literal('heartbeat'),
    ...envelope,
    generation,
    chains: z.array(z.object({ device: text, hook, hops: z.array(nextHop) })),
    instances: z.array(instanceTelemetry),
    workloads: z.array(workload),
    foreign: z.array(foreignProgram),
  }),
  z.object({ type: z.literal('events'), ...envelope, instances: z.array(instanceEvents).max(10_000) }),
  z.object({ type: z.literal('steps'), ...envelope, events: z.array(stepEvent).max(10_000) }),
  z.object({
    type: z.literal('applied'),
    ...envelope,
    generation,
    slices: z.array(
      z.object({
        service: text,
        stage: z.enum(['absent', 'conditioned', 'running', 'failed']),
        error: errorReportSchema.exactOptional(),
      }),
    ),
  }),
  z.object({ type: z.literal('audit'), ...envelope, error: errorReportSchema }),
]);
