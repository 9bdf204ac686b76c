import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkModel, compileUnderservice, labelTelemetry } from '../compile-underservice.js';
import { PROBE_COUNTERS, PROBE_RTT_BUCKETS } from './probe.js';
import type { Binding } from '../underservice-kind.js';

const header = readFileSync(new URL('../../../../bpf/probe/probe.h', import.meta.url), 'utf8');
const binding: Binding = { port: 'web', direction: 'outbound', hook: 'xdp', addresses: new Map() };

it('a probe tells its plugin what to watch, and which way packets go', () => {
  expect(compileUnderservice('probe', {}, binding)).toEqual({
    rodata: { probe_config: { events: 1, outbound: 1, rtt: 1, capture: 0 } },
    maps: {},
    mapSizes: { flows: 16_384, samples: 4_096 },
  });
  const model = { events: false, round_trips: false, capture: true, flows: 64 };
  expect(compileUnderservice('probe', model, { ...binding, direction: 'inbound' })).toEqual({
    rodata: { probe_config: { events: 0, outbound: 0, rtt: 0, capture: 1 } },
    maps: {},
    mapSizes: { flows: 64, samples: 1_048_576 },
  });
});

it('tells the agent where flows are exported to', () => {
  const model = { collector: 'fd00::9', collector_port: 2055, active_timeout: 5, idle_timeout: 1 };
  expect(compileUnderservice('probe', model, binding).export).toEqual({
    collector: 'fd00::9',
    port: 2055,
    activeTimeout: 5,
    idleTimeout: 1,
  });
  expect(compileUnderservice('probe', { collector: '192.0.2.50' }, binding).export).toEqual({
    collector: '192.0.2.50',
    port: 4739,
    activeTimeout: 60,
    idleTimeout: 15,
  });
});

it.each(['192.0.2.0/24', '999.1.1.1', 'fd00::zz', 'collector.example'])('%s is no collector', (collector) => {
  expect(checkModel('probe', { collector }, { ports: [] })).toMatchObject([
    { severity: 'error', path: ['collector'] },
  ]);
  expect(() => compileUnderservice('probe', { collector }, binding)).toThrow('no IP address');
});

it('names round trips by what they are below', () => {
  const rows = [0, 7, 31, 32, 63, 64].map((key) => ({ key, value: { handshakes: 1, microseconds: 1 } }));
  const labelled = labelTelemetry('probe', {}, { round_trips: rows })['round_trips'];
  expect(labelled?.map(({ label }) => label)).toEqual([
    'destination < 1 µs',
    'destination < 128 µs',
    'destination any',
    'source < 1 µs',
    'source any',
  ]);
  expect(header).toContain(`#define PROBE_RTT_BUCKETS ${PROBE_RTT_BUCKETS}\n`);
  expect(header).toMatch(/enum probe_rtt_end \{\s*PROBE_RTT_DESTINATION,[^\n]*\s*PROBE_RTT_SOURCE,/);
});

it('names its counters and settings as the header does', () => {
  const body = (/enum probe_counter \{([^}]*)\}/.exec(header)?.[1] ?? '').replaceAll(/\/\*[^]*?\*\//g, '');
  const names = [...body.matchAll(/PROBE_(\w+)/g)].map((match) => (match[1] ?? '').toLowerCase());
  expect(names).toEqual([...PROBE_COUNTERS, 'counters']);
  const settings = /struct probe_config \{([^}]*)\}/.exec(header)?.[1] ?? '';
  expect([...settings.matchAll(/__u32 (\w+);/g)].map((match) => match[1])).toEqual([
    'events',
    'outbound',
    'rtt',
    'capture',
  ]);
  const rows = names.map((_, key) => ({ key, value: { packets: key, bytes: 0 } }));
  expect(labelTelemetry('probe', {}, { counters: rows })['counters']?.map(({ label }) => label)).toEqual([
    ...PROBE_COUNTERS,
  ]);
});
