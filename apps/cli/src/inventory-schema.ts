import { z } from 'zod';

/**
 * What planning and checking read of a saved inventory. More may stand there: that of a newer orchestrator has it, and what
 * is not read is not checked.
 */
const texts = z.array(z.string());
const amount = z.number().nonnegative();

export const kernelProfileSchema = z.looseObject({
  release: z.string(),
  programTypes: texts,
  mapTypes: texts,
  helpers: z.record(z.string(), texts),
  kfuncs: texts,
  attach: z.looseObject({ xdp: z.boolean(), tcx: z.boolean() }),
  btf: z.boolean(),
});

const pages = z.array(z.looseObject({ pageBytes: amount, count: amount })).optional();
const devices = z.record(z.string(), amount).optional();

const host = z.looseObject({
  id: z.string(),
  name: z.string(),
  labels: z.record(z.string(), z.string()),
  zone: z.string().optional(),
  pinnedBudgetBytes: amount.optional(),
  ready: z.boolean(),
  reason: z.string().optional(),
  facts: z.looseObject({
    profile: kernelProfileSchema,
    cpus: amount,
    memoryBytes: amount,
    runtimes: z.array(z.looseObject({ runtime: z.string() })),
    uplinks: z.array(
      z.looseObject({
        device: z.string(),
        mac: z.string(),
        mtu: amount,
        addresses: texts,
        bitsPerSecond: amount.optional(),
      }),
    ),
    hugepages: pages,
    devices,
  }),
  used: z.looseObject({
    cpus: amount,
    memoryBytes: amount,
    hugepages: pages,
    devices,
    pinnedBytes: amount.optional(),
    uplinkInstances: z.record(z.string(), amount).optional(),
    bitsPerSecond: amount.optional(),
  }),
  held: z
    .array(
      z.looseObject({
        key: z.string(),
        id: z.string(),
        revision: z.string(),
        hook: z.string(),
        digest: z.string(),
        since: z.string(),
      }),
    )
    .optional(),
  takenOver: texts.optional(),
  foreignPrograms: z.array(
    z.looseObject({ device: z.string(), hook: z.string(), name: z.string(), programId: z.number() }),
  ),
});

const latency = z.looseObject({
  scope: z.string(),
  between: z.tuple([z.string(), z.string()]),
  milliseconds: amount,
});

const plugin = z.looseObject({
  digest: z.string(),
  manifest: z.looseObject({
    name: z.string(),
    version: z.string(),
    implements: z.string(),
    order: z.string(),
    before: texts.optional(),
    after: texts.optional(),
    final: z.boolean().optional(),
    programs: z.array(z.looseObject({ name: z.string(), hook: z.string() })),
    maps: z.record(z.string(), z.looseObject({ role: z.string(), scope: z.string() })),
  }),
  requirements: z.looseObject({
    programs: z.record(
      z.string(),
      z.looseObject({ type: z.string(), helpers: texts, kfuncs: texts, attach: z.string() }),
    ),
    mapTypes: texts,
    coRe: texts,
    kernelBtf: z.boolean(),
    memoryBytes: amount.optional(),
  }),
});

export const savedInventorySchema = z.looseObject({
  inventory: z.looseObject({ hosts: z.array(host), latencies: z.array(latency).optional() }),
  catalog: z.looseObject({ plugins: z.array(plugin) }),
});
