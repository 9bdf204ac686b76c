import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { compileUnderservice, labelTelemetry } from '../compile-underservice.js';
import type { RoutedSegment } from '../segment.js';
import type { Binding } from '../underservice-kind.js';
import { BUCKETS } from './buckets.js';
import { ROUTE_KINDS, ROUTER_COUNTERS } from './router.js';

const header = readFileSync(new URL('../../../../bpf/router/router.h', import.meta.url), 'utf8');
const mapped = (...bytes: number[]) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...bytes];
const policy = { antiSpoofing: true, isolated: false, mtu: 1450 };

const segments: RoutedSegment[] = [
  {
    ...policy,
    vni: 1,
    subnets: ['10.1.0.0/24', 'fd01::/64'],
    stations: [
      { port: 'a', mac: '02:00:00:00:00:0a', addresses: ['10.1.0.10', 'fd01::a'], at: { device: 'uwa' } },
    ],
  },
  {
    ...policy,
    vni: 2,
    subnets: ['10.2.0.0/24'],
    tunnel: { device: 'eth0', address: '192.0.2.1', mac: '02:00:00:00:01:01' },
    stations: [
      { port: 'b', mac: '02:00:00:00:00:0b', addresses: ['10.2.0.10'], at: { device: 'uwb' } },
      {
        port: 'c',
        mac: '02:00:00:00:00:0c',
        addresses: ['10.2.0.11'],
        at: { host: '192.0.2.2', mac: '02:00:00:00:01:02' },
      },
    ],
  },
];
const binding: Binding = {
  port: 'a',
  direction: 'outbound',
  hook: 'xdp',
  addresses: new Map(segments.flatMap(({ stations }) => stations.map((each) => [each.port, each.addresses]))),
  network: { mac: '02:00:00:00:00:ee', segments },
};
const compile = (model: Record<string, unknown>, over: Partial<Binding> = {}) =>
  compileUnderservice(
    'router',
    { addresses: ['10.1.0.1', 'fd01::1', '10.2.0.1'], icmp_errors_per_second: 100, ...model },
    { ...binding, ...over },
  );

const route = (prefix: string, hop: string) => () => compile({ routes: [{ prefix, next_hops: [hop] }] });

function direct(...prefixes: string[]): number[] | undefined {
  const { maps } = compile({ routes: prefixes.map((prefix) => ({ prefix })) });
  return maps['stations']?.map(({ value }) => (value as { direct: number }).direct);
}

function names(kind: string): string[] {
  const body = new RegExp(`enum ${kind} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
  return [...body.matchAll(/ROUTER_(\w+),/g)].map((match) => (match[1] ?? '').toLowerCase());
}

describe('a router model becomes the tables of its plugin', () => {
  it('at a port: its segment, and the addresses that errors come from', () => {
    expect(compile({}).rodata['router_config']).toEqual({
      icmp_interval: 10_000_000,
      segment: 0,
      mac: [2, 0, 0, 0, 0, 0xee],
      port_mac: [2, 0, 0, 0, 0, 10],
      leaves: 0,
      uplinks: 0,
      ipv4: [10, 1, 0, 1],
      anti_spoofing: 1,
      reserved: 0,
      ipv6: { bytes: [0xfd, 1, ...Array.from({ length: 13 }, () => 0), 1] },
      source_ipv4: { bytes: mapped(10, 1, 0, 10) },
      source_ipv6: { bytes: [0xfd, 1, ...Array.from({ length: 13 }, () => 0), 10] },
    });
    const other = compile({ icmp_errors_per_second: 0 }, { port: 'b' }).rodata['router_config'];
    expect(other).toMatchObject({ icmp_interval: 0, segment: 1, ipv4: [10, 2, 0, 1] });
  });

  it('every station of every segment, and each subnet as a route', () => {
    const { maps } = compile({});
    expect(maps['stations']?.map(({ key }) => key)).toHaveLength(4);
    expect(maps['stations']?.[3]).toMatchObject({
      key: { bytes: mapped(10, 2, 0, 11) },
      value: { segment: 1, host: { address: [192, 0, 2, 2] }, port: { name: '' } },
    });
    expect(maps['gateways']?.map(({ value }) => value)).toEqual([0, 0, 1]);
    expect(maps['routes']?.map(({ key }) => (key as { bits: number }).bits)).toEqual([120, 64, 120]);
  });

  it('routes: next hops in buckets that equal ones share, none to discard, and above a subnet of their length', () => {
    const { maps } = compile({
      routes: [
        { prefix: '198.51.100.0/24', next_hops: ['b', '10.2.0.11'] },
        { prefix: '203.0.113.0/24', next_hops: ['c', 'b'] },
        { prefix: '0.0.0.0/0', next_hops: ['a'] },
        { prefix: '10.2.0.0/24' },
      ],
    });
    expect(maps['routes']?.map(({ value }) => value).slice(2)).toEqual([
      { kind: ROUTE_KINDS.discard, first: 0, mask: 0 },
      { kind: ROUTE_KINDS.next_hop, first: 0, mask: BUCKETS - 1 },
      { kind: ROUTE_KINDS.next_hop, first: 0, mask: BUCKETS - 1 },
      { kind: ROUTE_KINDS.next_hop, first: BUCKETS, mask: 0 },
    ]);
    expect(maps['next_hops']).toHaveLength(BUCKETS + 1);
  });

  it('says which stations no route is nearer to than their subnet', () => {
    // Of a (IPv4, IPv6), b and c.
    expect(direct()).toEqual([1, 1, 1, 1]);
    expect(direct('0.0.0.0/0', '10.0.0.0/8', '198.51.100.0/24')).toEqual([1, 1, 1, 1]);
    expect(direct('10.2.0.0/24')).toEqual([1, 1, 0, 0]);
    expect(direct('10.2.0.11/32', 'fd01::/80')).toEqual([1, 0, 1, 0]);
  });

  it('with uplinks: by which of them packets leave', () => {
    const network = { mac: '02:00:00:00:00:ee', segments, uplinks: ['eth0', 'eth1'] };
    const { rodata, maps } = compile({}, { network });
    expect(rodata['router_config']).toMatchObject({ leaves: 1, uplinks: 2 });
    expect(maps['uplinks']?.map(({ value }) => value)).toEqual([{ name: 'eth0' }, { name: 'eth1' }]);
  });

  it('not with next hops that are nobody or of the other family', () => {
    expect(route('0.0.0.0/0', '10.2.0.99')).toThrow('the address of no port');
    expect(route('::/0', 'b')).toThrow('has an address of its family');
    expect(() => compile({}, { port: 'z' })).toThrow('on none of its segments');
  });

  it('has the numbers of its header, and names its counters', () => {
    expect(names('router_counter').filter((name) => name !== 'counters')).toEqual([...ROUTER_COUNTERS]);
    expect(names('router_route_kind')).toEqual(Object.keys(ROUTE_KINDS));
    expect(labelTelemetry('router', {}, { counters: [] })['counters']?.map(({ label }) => label)).toEqual([
      ...ROUTER_COUNTERS,
    ]);
  });
});
