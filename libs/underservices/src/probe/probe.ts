import type { InstanceConfig } from '@underware/core';
import { readFlowEnds } from '../flow-ends.js';
import { labelByIndex } from '../label-rows.js';
import type { Binding, LabelledRow, TelemetryRow, UnderserviceKind } from '../underservice-kind.js';

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
/** Of the ring of samples: room for about 400 whole packets where captures are allowed, else the least there can be. */
const SAMPLE_BYTES = { allowed: 1_048_576, not: 4_096 } as const;

/** Counts packets, bytes, flows and round trips of a port; it changes no packet. */
export const PROBE: UnderserviceKind = {
  kind: 'probe',
  sameOnAllPorts: true,
  check: () => [],
  compile: compileProbe,
  label: labelProbe,
  event: (_model, record) => {
    const flow = readFlowEnds(record['flow']);
    return { what: 'new flow', bytes: Number(record['bytes']), ...(flow ? { flow } : {}) };
  },
};

function compileProbe(model: Record<string, unknown>, { direction }: Binding): InstanceConfig {
  const capture = model['capture'] === true;
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
  };
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
