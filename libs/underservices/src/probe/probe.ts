import type { FlowExport, InstanceConfig } from '@underware/core';
import { readFlowEnds } from '../flow-ends.js';
import { labelByIndex } from '../label-rows.js';
import { parsePrefix } from '../prefix.js';
import type {
  Binding,
  LabelledRow,
  ModelFinding,
  TelemetryRow,
  UnderserviceKind,
} from '../underservice-kind.js';

/** Numbers of `bpf/probe/probe.h`; a test reads the header and holds them together. */
export const PROBE_COUNTERS = [
  'tcp',
  'udp',
  'icmp',
  'other_ip',
  'not_ip',
  'malformed',
  'new_flow',
  'event_lost',
  'sample_lost',
] as const;
/** Ends of a TCP handshake as seen from the port, by number. */
export const PROBE_RTT_ENDS = ['destination', 'source'] as const;
export const PROBE_RTT_BUCKETS = 32;

const FLOWS = 16_384;
/** As IANA has it, and as the node type has them; seconds. */
const IPFIX_PORT = 4739;
const TIMEOUTS = { active: 60, idle: 15 } as const;
/** Of the ring of samples: room for about 400 whole packets where captures are allowed, else the least there can be. */
const SAMPLE_BYTES = { allowed: 1_048_576, not: 4_096 } as const;

/** Counts packets, bytes, flows and round trips of a port; it changes no packet. */
export const PROBE: UnderserviceKind = {
  kind: 'probe',
  sameOnAllPorts: true,
  check: checkProbe,
  compile: compileProbe,
  label: labelProbe,
  event: (_model, record) => {
    const flow = readFlowEnds(record['flow']);
    return { what: 'new flow', bytes: Number(record['bytes']), ...(flow ? { flow } : {}) };
  },
};

function compileProbe(model: Record<string, unknown>, { direction }: Binding): InstanceConfig {
  const capture = model['capture'] === true;
  const flowExport = exportOf(model);
  return {
    rodata: {
      probe_config: {
        events: model['events'] === false ? 0 : 1,
        outbound: direction === 'outbound' ? 1 : 0,
        rtt: model['round_trips'] === false ? 0 : 1,
        capture: capture ? 1 : 0,
      },
    },
    maps: {},
    mapSizes: {
      flows: typeof model['flows'] === 'number' ? model['flows'] : FLOWS,
      samples: capture ? SAMPLE_BYTES.allowed : SAMPLE_BYTES.not,
    },
    ...(flowExport ? { export: flowExport } : {}),
  };
}

/** Undefined where the model names no collector. */
function exportOf(model: Record<string, unknown>): FlowExport | undefined {
  const { collector } = model;
  if (typeof collector !== 'string') return undefined;
  return {
    collector,
    port: Number(model['collector_port'] ?? IPFIX_PORT),
    activeTimeout: Number(model['active_timeout'] ?? TIMEOUTS.active),
    idleTimeout: Number(model['idle_timeout'] ?? TIMEOUTS.idle),
  };
}

/** An address alone: a collector is no network, and no name, since agents do not look names up. */
function checkProbe({ collector }: Record<string, unknown>): ModelFinding[] {
  if (typeof collector !== 'string' || (!collector.includes('/') && parsePrefix(collector) !== undefined))
    return [];
  return [
    {
      code: 'RULE_INVALID',
      severity: 'error',
      path: ['collector'],
      at: 'value',
      message: `${JSON.stringify(collector)} is no IP address`,
      expected: 'an IPv4 or IPv6 address, e.g. 192.0.2.50',
    },
  ];
}

function labelProbe(_model: Record<string, unknown>, map: string, rows: TelemetryRow[]): LabelledRow[] {
  if (map === 'counters') return labelByIndex(rows, PROBE_COUNTERS);
  return map === 'round_trips' ? labelByIndex(rows, ROUND_TRIPS) : rows;
}

/** `destination < 64 µs`: of each end, handshakes by the next power of two of their microseconds; the last has all others. */
const ROUND_TRIPS = PROBE_RTT_ENDS.flatMap((end) =>
  Array.from({ length: PROBE_RTT_BUCKETS }, (_, bits) =>
    bits === PROBE_RTT_BUCKETS - 1 ? `${end} any` : `${end} < ${2 ** bits} µs`,
  ),
);
