import { expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { compileUnderservice, labelTelemetry } from '../compile-underservice.js';
import { PROBE_COUNTERS } from './probe.js';
import type { Binding } from '../underservice-kind.js';

const header = readFileSync(new URL('../../../../bpf/probe/probe.h', import.meta.url), 'utf8');
const binding: Binding = { port: 'web', direction: 'outbound', hook: 'xdp', addresses: new Map() };

it('a probe tells its plugin whether to send events, and nothing else', () => {
  expect(compileUnderservice('probe', {}, binding)).toEqual({
    rodata: { probe_config: { events: 1 } },
    maps: {},
    mapSizes: {},
  });
  expect(compileUnderservice('probe', { events: false }, binding).rodata).toEqual({
    probe_config: { events: 0 },
  });
});

it('names its counters and settings as the header does', () => {
  const body = (/enum probe_counter \{([^}]*)\}/.exec(header)?.[1] ?? '').replaceAll(/\/\*[^]*?\*\//g, '');
  const names = [...body.matchAll(/PROBE_(\w+)/g)].map((match) => (match[1] ?? '').toLowerCase());
  expect(names).toEqual([...PROBE_COUNTERS, 'counters']);
  expect(header).toMatch(/struct probe_config \{\s*__u32 events;/);
  const rows = names.map((_, key) => ({ key, value: { packets: key, bytes: 0 } }));
  expect(labelTelemetry('probe', {}, { counters: rows })['counters']?.map(({ label }) => label)).toEqual([
    ...PROBE_COUNTERS,
  ]);
});
