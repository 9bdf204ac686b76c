import { directionOf } from '@underware/core';
import type { InstanceTelemetry } from '@underware/core';
import type { Heartbeat } from '@underware/store';
import { labelTelemetry, PROBE_RTT_BUCKETS, PROBE_RTT_ENDS } from '@underware/underservices';
import type { Distribution, Family, Labels, Sample } from './exposition.js';

/** What is known, as far as it is measured. */
export interface Measured {
  version: string;
  hosts: {
    name: string;
    ready: boolean;
    cpus?: number;
    memoryBytes?: number;
    /** Seconds since it was last heard of; undefined: never. */
    silentFor?: number;
    beat?: Heartbeat;
  }[];
  services: {
    id: string;
    name: string;
    state: string;
    underservices: readonly { name: string; kind: string; model: Record<string, unknown> }[];
  }[];
  operations: readonly { type: string; state: string }[];
}

/** Of all families together; what is beyond is left out, and told how much that was. */
export const MOST_SAMPLES = 100_000;
const MICROSECONDS = 1_000_000;

/** Pure: the same state gives the same text. Labels are names, which people chose; no address and no id is one. */
export function collectFamilies(measured: Measured, most = MOST_SAMPLES): Family[] {
  const { version, hosts, services, operations } = measured;
  const families: Family[] = [
    gauge('underware_info', 'The orchestrator that is asked', [{ labels: { version }, value: 1 }]),
    gauge(
      'underware_host_up',
      'Whether the host takes work now',
      hosts.map(({ name, ready }) => ({ labels: { host: name }, value: Number(ready) })),
    ),
    hostGauge(
      'underware_host_heartbeat_age_seconds',
      'Since when nothing was heard of the host',
      hosts,
      'silentFor',
    ),
    hostGauge('underware_host_cpus', 'Processors of the host', hosts, 'cpus'),
    hostGauge('underware_host_memory_bytes', 'Memory of the host', hosts, 'memoryBytes'),
    gauge(
      'underware_service_state',
      'The state that the service instance is in',
      services.map(({ name, state }) => ({ labels: { service: name, state }, value: 1 })),
    ),
    gauge('underware_operations', 'Lifecycle operations that are remembered', countOf(operations)),
    gauge('underware_vnf_up', 'Whether the VNF runs and is not unhealthy', vnfsOf(measured)),
    ...instanceFamilies(measured),
  ];
  return bounded(families, most);
}

function instanceFamilies({ hosts, services }: Measured): Family[] {
  const known = new Map(services.map((service) => [service.id, service]));
  const samples = {
    packets: [] as Sample[],
    bytes: [] as Sample[],
    memory: [] as Sample[],
    counted: [] as Sample[],
    countedBytes: [] as Sample[],
    roundTrips: [] as Distribution[],
  };
  for (const { name: host, beat } of hosts) {
    for (const instance of beat?.instances ?? []) {
      const service = known.get(instance.service);
      // One that is held has no service and counts nothing.
      if (!service) continue;
      const node = service.underservices.find(({ name }) => name === instance.underservice);
      const labels = { host, service: service.name, ...labelsOf(instance), kind: node?.kind ?? '' };
      for (const [verdict, { packets, bytes }] of Object.entries(instance.verdicts)) {
        samples.packets.push({ labels: { ...labels, verdict }, value: packets });
        samples.bytes.push({ labels: { ...labels, verdict }, value: bytes });
      }
      if (instance.memoryBytes !== undefined) samples.memory.push({ labels, value: instance.memoryBytes });
      if (!node) continue;
      const maps = labelTelemetry(node.kind, node.model, instance.maps);
      for (const [map, rows] of Object.entries(maps)) {
        for (const { label, value } of rows) {
          const counter = numbersOf(value);
          const { packets, bytes } = counter;
          if (label === undefined || packets === undefined) continue;
          const named = { ...labels, map, name: label };
          samples.counted.push({ labels: named, value: packets });
          if (bytes !== undefined) samples.countedBytes.push({ labels: named, value: bytes });
        }
      }
      if (node.kind === 'probe') samples.roundTrips.push(...roundTripsOf(instance, labels));
    }
  }
  return [
    counter(
      'underware_instance_packets_total',
      'Packets by what the plugin instance decided',
      samples.packets,
    ),
    counter('underware_instance_bytes_total', 'Bytes by what the plugin instance decided', samples.bytes),
    gauge('underware_instance_memory_bytes', 'Kernel memory of the plugin instance', samples.memory),
    counter('underware_counter_packets_total', 'Packets by rule or counter of a plugin', samples.counted),
    counter('underware_counter_bytes_total', 'Bytes by rule or counter of a plugin', samples.countedBytes),
    {
      name: 'underware_tcp_round_trip_seconds',
      help: 'Round trips of TCP handshakes, from the port to who was asked (destination) and to who asked (source)',
      type: 'histogram',
      samples: samples.roundTrips,
    },
  ];
}

function labelsOf({ underservice, port, hook }: InstanceTelemetry): Labels {
  const direction = directionOf(port.startsWith('uplink/') ? 'uplink' : 'veth', hook);
  return { underservice, port: port.slice(port.indexOf('/') + 1), direction, hook };
}

/** The kernel counts by powers of two; a bucket has all below its bound. */
function roundTripsOf({ maps }: InstanceTelemetry, labels: Labels): Distribution[] {
  const rows = new Map((maps['round_trips'] ?? []).map(({ key, value }) => [Number(key), numbersOf(value)]));
  if (rows.size === 0) return [];
  return PROBE_RTT_ENDS.map((end, number) => {
    let count = 0;
    let microseconds = 0;
    const buckets = Array.from({ length: PROBE_RTT_BUCKETS }, (_, bits) => {
      const row = rows.get(number * PROBE_RTT_BUCKETS + bits);
      count += row?.['handshakes'] ?? 0;
      microseconds += row?.['microseconds'] ?? 0;
      return { bound: bits === PROBE_RTT_BUCKETS - 1 ? Infinity : 2 ** bits / MICROSECONDS, count };
    });
    return { labels: { ...labels, end }, buckets, sum: microseconds / MICROSECONDS };
  });
}

function vnfsOf({ hosts, services }: Measured): Sample[] {
  const names = new Map(services.map(({ id, name }) => [id, name]));
  return hosts.flatMap(({ name: host, beat }) =>
    (beat?.workloads ?? []).flatMap(({ service: id, vnf, state, health }) => {
      const service = names.get(id);
      if (service === undefined) return [];
      const up = state === 'running' && health !== 'unhealthy';
      return [{ labels: { host, service, vnf }, value: Number(up) }];
    }),
  );
}

function countOf(operations: Measured['operations']): Sample[] {
  const counts = new Map<string, Sample>();
  for (const { type, state } of operations) {
    const sample = counts.get(`${type} ${state}`) ?? { labels: { type, state }, value: 0 };
    counts.set(`${type} ${state}`, { ...sample, value: sample.value + 1 });
  }
  return [...counts.values()];
}

function bounded(families: Family[], most: number): Family[] {
  let left = most;
  let leftOut = 0;
  const kept = families.map((family): Family => {
    const weight = family.type === 'histogram' ? PROBE_RTT_BUCKETS + 2 : 1;
    const room = Math.floor(left / weight);
    const { length } = family.samples;
    left -= Math.min(length, room) * weight;
    leftOut += Math.max(0, length - room);
    // The type stands beside the samples, and both are cut together.
    return family.type === 'histogram'
      ? { ...family, samples: family.samples.slice(0, room) }
      : { ...family, samples: family.samples.slice(0, room) };
  });
  const told = gauge('underware_metrics_left_out', 'Series that were too many to be told', [
    { labels: {}, value: leftOut },
  ]);
  return [...kept, told];
}

function hostGauge(
  name: string,
  help: string,
  hosts: Measured['hosts'],
  what: 'cpus' | 'memoryBytes' | 'silentFor',
): Family {
  const samples = hosts.flatMap((host) => {
    const value = host[what];
    return value === undefined ? [] : [{ labels: { host: host.name }, value }];
  });
  return gauge(name, help, samples);
}

function gauge(name: string, help: string, samples: Sample[]): Family {
  return { name, help, type: 'gauge', samples };
}

function counter(name: string, help: string, samples: Sample[]): Family {
  return { name, help, type: 'counter', samples };
}

/** The fields of a struct that are numbers; those beyond 2^53 come as text. */
function numbersOf(value: unknown): Partial<Record<string, number>> {
  if (typeof value !== 'object' || value === null) return {};
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, field]) => {
      const number = Number(field);
      return field !== '' && Number.isFinite(number) ? [[name, number]] : [];
    }),
  );
}
