import { readFlowEnds } from '../flow-ends.js';
import { labelByIndex } from '../label-rows.js';
import type { UnderserviceKind } from '../underservice-kind.js';

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
] as const;

/** Counts packets, bytes and flows of a port; it changes no packet. */
export const PROBE: UnderserviceKind = {
  kind: 'probe',
  sameOnAllPorts: true,
  check: () => [],
  compile: (model) => ({
    rodata: { probe_config: { events: model['events'] === false ? 0 : 1 } },
    maps: {},
    mapSizes: {},
  }),
  label: (_model, map, rows) => (map === 'counters' ? labelByIndex(rows, PROBE_COUNTERS) : rows),
  event: (_model, record) => {
    const flow = readFlowEnds(record['flow']);
    return { what: 'new flow', bytes: Number(record['bytes']), ...(flow ? { flow } : {}) };
  },
};
