import { HOOKS, RUNTIMES } from '@underware/core';
import type {
  BackendChecks,
  BtfValue,
  DesiredInstance,
  DesiredPort,
  DesiredWorkload,
  HostSlice,
  HostState,
  PacketSpec,
} from '@underware/core';
import { z } from 'zod';

const hook = z.enum(HOOKS);
const counters = z.int().nonnegative();

export const btfValueSchema: z.ZodType<BtfValue> = z.lazy(() =>
  z.union([
    z.number(),
    z.string(),
    z.boolean(),
    z.array(btfValueSchema),
    z.record(z.string(), btfValueSchema),
  ]),
);

export const packetSpecSchema: z.ZodType<PacketSpec> = z.object({
  protocol: z.enum(['tcp', 'udp', 'icmp']),
  source: z.string(),
  destination: z.string(),
  sourcePort: z.int().min(0).max(65_535).exactOptional(),
  destinationPort: z.int().min(0).max(65_535).exactOptional(),
  tcpFlags: z.array(z.enum(['syn', 'ack', 'fin', 'rst', 'psh'])).exactOptional(),
  payloadBytes: counters.exactOptional(),
});

const healthCheck = z.object({
  kind: z.enum(['tcp', 'http', 'command']),
  port: z.int().min(1).max(65_535).exactOptional(),
  path: z.string().exactOptional(),
  command: z.array(z.string()).exactOptional(),
  intervalSeconds: z.number().positive(),
  timeoutSeconds: z.number().positive(),
  retries: z.int().positive(),
});

const port: z.ZodType<DesiredPort> = z.object({
  key: z.string().min(1),
  kind: z.enum(['veth', 'uplink']),
  device: z.string().min(1).max(15),
  peer: z
    .object({
      namespace: z.string().min(1),
      device: z.string().min(1).max(15),
      mac: z.string(),
      addresses: z.array(z.string()),
      gateways: z.array(z.object({ address: z.string(), mac: z.string() })).exactOptional(),
    })
    .exactOptional(),
  forwards: z.literal(true).exactOptional(),
  mac: z.string(),
  mtu: z.int().positive(),
  delivered: z.literal(true).exactOptional(),
  rewritten: z.literal(true).exactOptional(),
});

const tcpPort = z.int().min(1).max(65_535);
const address = z.union([z.ipv4(), z.ipv6()]);
const u32 = z.int().min(0).max(0xffff_ffff);

const backendChecks: z.ZodType<BackendChecks> = z.object({
  protocol: z.enum(['tcp', 'http']),
  path: z.string().exactOptional(),
  status: z.array(z.int().min(100).max(599)).exactOptional(),
  interval: z.number().positive(),
  timeout: z.number().positive(),
  rise: z.int().positive(),
  fall: z.int().positive(),
  service: z.object({ addresses: z.array(address), port: tcpPort }),
  backends: z.array(
    z.object({ name: z.string(), id: u32, index: u32, addresses: z.array(address), port: tcpPort }),
  ),
});

const instance: z.ZodType<DesiredInstance> = z.object({
  key: z.string().regex(/^[0-9a-f]{16}-[0-9a-f]{8}$/),
  id: z.string().regex(/^[0-9a-f]{16}$/),
  revision: z.string().regex(/^[0-9a-f]{8}$/),
  underservice: z.string(),
  plugin: z.object({
    name: z.string(),
    version: z.string(),
    digest: z.string().regex(/^sha256:[0-9a-f]{64}$/),
  }),
  stateOwner: z
    .string()
    .regex(/^[0-9a-f]{16}$/)
    .exactOptional(),
  program: z.string().min(1),
  port: z.string().min(1),
  hook,
  order: z.number(),
  config: z.object({
    rodata: z.record(z.string(), btfValueSchema),
    maps: z.record(z.string(), z.array(z.object({ key: btfValueSchema, value: btfValueSchema }))),
    mapSizes: z.record(z.string(), z.int().positive()),
    export: z
      .object({
        collector: z.union([z.ipv4(), z.ipv6()]),
        port: z.int().min(1).max(65_535),
        activeTimeout: z.number().positive(),
        idleTimeout: z.number().positive(),
      })
      .exactOptional(),
    checks: backendChecks.exactOptional(),
  }),
  names: z.record(z.string(), z.array(z.string())).exactOptional(),
  residency: z.enum(['persistent', 'dynamic']),
});

const workload: z.ZodType<DesiredWorkload> = z.object({
  key: z.string().regex(/^[0-9a-f]{16}$/),
  revision: z.string().regex(/^[0-9a-f]{8}$/),
  vnf: z.string(),
  runtime: z.enum(RUNTIMES),
  image: z.string().exactOptional(),
  command: z.array(z.string()),
  environment: z.record(z.string(), z.string()),
  cpus: z.number().positive(),
  memoryBytes: z.number().positive(),
  namespace: z.string().min(1),
  healthCheck: healthCheck.exactOptional(),
  after: z.array(z.string()),
});

const hostSlice: z.ZodType<HostSlice> = z.object({
  ports: z.array(port),
  routes: z.array(
    z.object({
      destination: z.string(),
      via: z.union([z.object({ device: z.string() }), z.object({ nextHop: z.string() })]),
    }),
  ),
  instances: z.array(instance),
  assertions: z.array(
    z.object({
      name: z.string(),
      port: z.string(),
      hook,
      packet: packetSpecSchema,
      destinationMac: z.string().exactOptional(),
      expect: z.enum(['pass', 'drop']),
    }),
  ),
  workloads: z.array(workload),
});

export const hostStateSchema: z.ZodType<HostState> = z.object({
  host: z.string().min(1),
  generation: z.int().nonnegative(),
  slices: z.array(
    z.object({ service: z.string().min(1), stage: z.enum(['conditioned', 'running']), slice: hostSlice }),
  ),
  held: z.array(instance).exactOptional(),
});
