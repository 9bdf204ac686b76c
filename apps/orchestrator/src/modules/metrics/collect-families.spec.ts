import { expect, it } from '@jest/globals';
import type { InstanceTelemetry } from '@underware/core';
import { collectFamilies } from './collect-families.js';
import type { Measured } from './collect-families.js';
import { exposition } from './exposition.js';

const instance = (change: Partial<InstanceTelemetry>): InstanceTelemetry => ({
  key: 'k',
  underservice: 'guard',
  service: 's1',
  port: 's1/web_port',
  hook: 'tcx/egress',
  verdicts: { pass: { packets: 5, bytes: 500 }, drop: { packets: 2, bytes: 80 } },
  memoryBytes: 4096,
  maps: {},
  ...change,
});

const beat = (instances: InstanceTelemetry[]): NonNullable<Measured['hosts'][number]['beat']> => ({
  type: 'heartbeat',
  host: 'x',
  boot: 'b',
  sequence: 1,
  at: '2026-01-01T00:00:00.000Z',
  generation: 1,
  chains: [],
  foreign: [],
  instances,
  workloads: [
    {
      key: 'w',
      revision: '1',
      runtime: 'process',
      state: 'running',
      handle: '1',
      health: 'healthy',
      service: 's1',
      vnf: 'web',
    },
    {
      key: 'v',
      revision: '1',
      runtime: 'process',
      state: 'exited',
      handle: '1',
      health: 'none',
      service: 's1',
      vnf: 'job',
    },
  ],
});

const measured = (instances: InstanceTelemetry[]): Measured => ({
  version: '0.1.0',
  hosts: [
    { name: 'h1', ready: true, cpus: 4, memoryBytes: 1e9, silentFor: 1.5, beat: beat(instances) },
    { name: 'h2', ready: false },
  ],
  services: [
    {
      id: 's1',
      name: 'web',
      state: 'INSTANTIATED',
      underservices: [
        { name: 'guard', kind: 'firewall', model: { rules: [{ name: 'a "b" \\', action: 'allow' }] } },
        { name: 'meter', kind: 'probe', model: {} },
      ],
    },
  ],
  operations: [
    { type: 'INSTANTIATE', state: 'COMPLETED' },
    { type: 'INSTANTIATE', state: 'COMPLETED' },
    { type: 'TERMINATE', state: 'FAILED_TEMP' },
  ],
});

const lines = (instances: InstanceTelemetry[], most?: number): string[] =>
  exposition(collectFamilies(measured(instances), most)).split('\n');

it('tells hosts, services, VNFs and operations by name', () => {
  expect(lines([])).toEqual(
    expect.arrayContaining([
      'underware_info{version="0.1.0"} 1',
      '# TYPE underware_host_up gauge',
      'underware_host_up{host="h1"} 1',
      'underware_host_up{host="h2"} 0',
      'underware_host_heartbeat_age_seconds{host="h1"} 1.5',
      'underware_host_memory_bytes{host="h1"} 1000000000',
      'underware_service_state{service="web",state="INSTANTIATED"} 1',
      'underware_operations{type="INSTANTIATE",state="COMPLETED"} 2',
      'underware_vnf_up{host="h1",service="web",vnf="web"} 1',
      'underware_vnf_up{host="h1",service="web",vnf="job"} 0',
      'underware_metrics_left_out 0',
    ]),
  );
});

it('tells which instance dropped, and by which rule, under names that are escaped', () => {
  const rule_counters = [{ key: 0, value: { packets: 7, bytes: '9007199254740993' } }];
  const where =
    'host="h1",service="web",underservice="guard",port="web_port",direction="inbound",hook="tcx/egress"';
  const held = instance({ service: 'residency', underservice: 'old' });
  const told = lines([instance({ maps: { rule_counters } }), held]);
  expect(told).toEqual(
    expect.arrayContaining([
      `underware_instance_packets_total{${where},kind="firewall",verdict="drop"} 2`,
      `underware_instance_bytes_total{${where},kind="firewall",verdict="drop"} 80`,
      `underware_instance_memory_bytes{${where},kind="firewall"} 4096`,
      `underware_counter_packets_total{${where},kind="firewall",map="rule_counters",name="a \\"b\\" \\\\"} 7`,
      `underware_counter_bytes_total{${where},kind="firewall",map="rule_counters",name="a \\"b\\" \\\\"} 9007199254740992`,
    ]),
  );
  expect(told.join('\n')).not.toContain('residency');
});

it('tells round trips as a histogram that adds up', () => {
  const round_trips = [
    { key: 3, value: { handshakes: 2, microseconds: 12 } },
    { key: 31, value: { handshakes: 1, microseconds: 4_000_000_000 } },
    { key: 32 + 7, value: { handshakes: 4, microseconds: 400 } },
  ];
  const told = lines([instance({ underservice: 'meter', hook: 'xdp', maps: { round_trips } })]).filter(
    (line) => line.includes('round_trip_seconds'),
  );
  const end = (name: string) => told.filter((line) => line.includes(`end="${name}"`));
  const values = (name: string) => end(name).map((line) => Number(line.split(' ').at(-1)));
  expect(values('destination')).toEqual([
    ...Array.from({ length: 3 }, () => 0),
    ...Array.from({ length: 28 }, () => 2),
    3,
    4000.000012,
    3,
  ]);
  expect(values('source').slice(-3)).toEqual([4, 0.0004, 4]);
  expect(end('destination').filter((line) => /le="(0\.000008|\+Inf)"/.test(line))).toHaveLength(2);
  expect(told[1]).toBe('# TYPE underware_tcp_round_trip_seconds histogram');
});

it('leaves out what is too much, and says how much that was', () => {
  const many = Array.from({ length: 100 }, (_, i) => instance({ port: `s1/port${i}` }));
  const told = lines(many, 50).filter((line) => line !== '' && !line.startsWith('#'));
  expect(told).toHaveLength(51);
  expect(Number(told.at(-1)?.split(' ').at(-1))).toBeGreaterThan(400);
});

it('is text that a scraper can read, line by line', () => {
  const text = exposition(collectFamilies(measured([instance({})])));
  const sample =
    /^[a-zA-Z_:][\w:]*(\{[a-zA-Z_]\w*="(\\[\\"n]|[^"\\\n])*"(,[a-zA-Z_]\w*="(\\[\\"n]|[^"\\\n])*")*\})? [-+.\deE]+$/;
  for (const line of text.trimEnd().split('\n'))
    expect(line).toMatch(line.startsWith('#') ? /^# (HELP|TYPE) [a-z_]+ .+$/ : sample);
  const names = text.split('\n').flatMap((line) => /^# TYPE (\S+)/.exec(line)?.[1] ?? []);
  expect(new Set(names).size).toBe(names.length);
});
