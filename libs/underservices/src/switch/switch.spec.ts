import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkModel, compileUnderservice, labelTelemetry } from '../compile-underservice.js';
import type { Segment } from '../segment.js';
import type { Binding } from '../underservice-kind.js';
import { SWITCH_COUNTERS, SWITCH_REPLICAS, SWITCH_ROLES, SWITCH_STATIONS } from './switch.js';

const header = readFileSync(new URL('../../../../bpf/switch/switch.h', import.meta.url), 'utf8');

const segment: Segment = {
  vni: 5000,
  mtu: 1450,
  tunnel: { device: 'eth0', address: '192.0.2.1', mac: '02:00:00:00:01:01' },
  stations: [
    { port: 'a', mac: '02:00:00:00:00:0a', addresses: ['10.70.0.10', 'fd70::a'], at: { device: 'uwa' } },
    {
      port: 'c',
      mac: '02:00:00:00:00:0c',
      addresses: ['10.70.0.12'],
      at: { host: '192.0.2.2', mac: '02:00:00:00:01:02' },
    },
  ],
};
const binding = (over: Partial<Binding> = {}): Binding => ({
  port: 'a',
  direction: 'outbound',
  hook: 'xdp',
  addresses: new Map(),
  segment,
  ...over,
});
const mac = (last: number) => ({ bytes: [2, 0, 0, 0, 0, last], reserved: [0, 0] });
const linkLocal = (last: number) => [0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xfe, 0, 0, last];
const mapped = (...bytes: number[]) => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...bytes];

const findings = (model: Record<string, unknown>) =>
  checkModel('switch', model, { ports: [] }).map(({ severity, path }) => [severity, ...path]);

describe('a switch model becomes the tables of its plugin', () => {
  it('at a port: its own address, every station, and where it is', () => {
    const { rodata, maps, mapSizes } = compileUnderservice('switch', {}, binding());
    expect(rodata).toEqual({
      switch_config: {
        role: 0,
        anti_spoofing: 1,
        isolated: 0,
        replicates: 0,
        pace: 0,
        ageing: 0,
        ports: 0,
        hosts: 0,
        endpoints: 0,
        port_ipv4: [10, 70, 0, 10],
        port_ipv6: [0xfd, 0x70, ...Array.from({ length: 13 }, () => 0), 10],
        port_mac: mac(10),
        tunnel: {
          vni: 5000,
          address: [192, 0, 2, 1],
          mac: [2, 0, 0, 0, 1, 1],
          reserved: [0, 0],
          port: { name: 'eth0' },
        },
      },
    });
    expect(maps['stations']).toEqual([
      {
        key: mac(10),
        value: {
          host: { address: [0, 0, 0, 0], mac: [0, 0, 0, 0, 0, 0] },
          everywhere: 0,
          reserved: [0, 0, 0, 0, 0],
          port: { name: 'uwa' },
        },
      },
      {
        key: mac(12),
        value: {
          host: { address: [192, 0, 2, 2], mac: [2, 0, 0, 0, 1, 2] },
          everywhere: 0,
          reserved: [0, 0, 0, 0, 0],
          port: { name: '' },
        },
      },
    ]);
    expect(maps['addresses']).toEqual([
      { key: { bytes: mapped(10, 70, 0, 10) }, value: mac(10) },
      { key: { bytes: [0xfd, 0x70, ...Array.from({ length: 13 }, () => 0), 10] }, value: mac(10) },
      { key: { bytes: linkLocal(10) }, value: mac(10) },
      { key: { bytes: mapped(10, 70, 0, 12) }, value: mac(12) },
      { key: { bytes: linkLocal(12) }, value: mac(12) },
    ]);
    expect(mapSizes).toMatchObject({ stations: 2, addresses: 5, hosts: 1 });
  });

  it('with a router: under its address every host may send that it is on', () => {
    const routers = [{ mac: '02:00:00:00:00:ee', hosts: ['192.0.2.2', '192.0.2.3'] }];
    const { maps } = compileUnderservice('switch', {}, binding({ segment: { ...segment, routers } }));
    expect(maps['stations']?.[2]).toMatchObject({ key: mac(0xee), value: { everywhere: 1 } });
    expect(maps['hosts']).toEqual([
      { key: { address: [192, 0, 2, 2] }, value: 1 },
      { key: { address: [192, 0, 2, 3] }, value: 1 },
    ]);
  });

  it('at an uplink: the same tables in another role', () => {
    const uplink = compileUnderservice('switch', {}, binding({ direction: 'inbound' }));
    expect(uplink.rodata['switch_config']).toMatchObject({
      role: 1,
      port_ipv4: [0, 0, 0, 0],
      port_mac: { bytes: [0, 0, 0, 0, 0, 0] },
    });
    expect(uplink.maps).toEqual(compileUnderservice('switch', {}, binding()).maps);
  });

  it('on one host alone: without a tunnel', () => {
    const { tunnel: _, ...alone } = { ...segment, stations: segment.stations.slice(0, 1) };
    const { rodata } = compileUnderservice(
      'switch',
      { isolated: true, anti_spoofing: false },
      binding({ segment: alone }),
    );
    expect(rodata['switch_config']).toMatchObject({
      isolated: 1,
      anti_spoofing: 0,
      tunnel: { address: [0, 0, 0, 0], port: { name: '' } },
    });
  });

  it('not over hosts that reach one another by IPv6 alone, nor where it is on no segment', () => {
    const tunnel = { device: 'eth0', address: 'fd00::1', mac: '02:00:00:00:01:01' };
    expect(() => compileUnderservice('switch', {}, binding({ segment: { ...segment, tunnel } }))).toThrow(
      'tunnels are over IPv4',
    );
    expect(() => compileUnderservice('switch', {}, binding({ port: 'z' }))).toThrow('not on the segment');
  });

  it('copies frames to many to ports of this host but for their own, to each other host once, and to endpoints', () => {
    const more: Segment = {
      ...segment,
      stations: [
        ...segment.stations,
        { port: 'b', mac: '02:00:00:00:00:0b', addresses: [], at: { device: 'uwb' } },
        {
          port: 'd',
          mac: '02:00:00:00:00:0d',
          addresses: [],
          at: { host: '192.0.2.2', mac: '02:00:00:00:01:02' },
        },
      ],
    };
    const model = { replication: true, learning: true, endpoints: ['192.0.2.9'], ageing: 60 };
    const replicasOf = (over: Partial<Binding>, wanted: Record<string, unknown> = model) => {
      const { rodata, maps } = compileUnderservice('switch', wanted, binding({ segment: more, ...over }));
      const { ports, hosts, endpoints } = rodata['switch_config'] as Record<string, unknown>;
      const rows = maps['replicas']?.map(({ value }) => value) as {
        host: { address: number[] };
        port: { name: string };
      }[];
      return [ports, hosts, endpoints, ...rows.map(({ host, port }) => port.name || host.address.join('.'))];
    };
    expect(replicasOf({})).toEqual([1, 1, 1, 'uwb', '192.0.2.2', '192.0.2.9']);
    expect(replicasOf({ direction: 'inbound' })).toEqual([2, 0, 0, 'uwa', 'uwb']);
    expect(replicasOf({}, { ...model, isolated: true })).toEqual([0, 0, 1, '192.0.2.9']);
    expect(replicasOf({}, {})).toEqual([0, 0, 0]);
    const { rodata, mapSizes } = compileUnderservice('switch', model, binding());
    expect(rodata['switch_config']).toMatchObject({ replicates: 1, pace: 1000, ageing: 60 });
    expect(mapSizes).toMatchObject({ learned: 1024, endpoints: 1 });
  });

  it('is refused where learning and endpoints do not go together', () => {
    expect(findings({ learning: true })).toEqual([['error', 'learning']]);
    expect(findings({ endpoints: ['192.0.2.9'] })).toEqual([['error', 'endpoints']]);
    expect(findings({ learning: true, endpoints: ['192.0.2.9', 'fd00::9'] })).toEqual([
      ['error', 'endpoints', 1],
    ]);
    expect(findings({ learning: true, endpoints: ['192.0.2.9'] })).toEqual([]);
    expect(findings({ learning: false, replication: true })).toEqual([]);
  });

  it('names its counters, those that count nothing too', () => {
    const rows = labelTelemetry('switch', {}, { counters: [{ key: 1, value: { packets: 3, bytes: 9 } }] });
    expect(rows['counters']?.map(({ label }) => label)).toEqual([...SWITCH_COUNTERS]);
    expect(rows['counters']?.[1]).toMatchObject({ label: 'remote', value: { packets: 3, bytes: 9 } });
  });

  it('has the numbers of its header', () => {
    const names = (kind: string): string[] => {
      const body = new RegExp(`enum ${kind} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
      return [...body.matchAll(/SWITCH_(\w+),/g)].map((match) => (match[1] ?? '').toLowerCase());
    };
    expect(names('switch_counter').filter((name) => name !== 'counters')).toEqual([...SWITCH_COUNTERS]);
    expect(Number(/define SWITCH_REPLICAS (\d+)/.exec(header)?.[1])).toBe(SWITCH_REPLICAS);
    expect(names('switch_role')).toEqual(Object.keys(SWITCH_ROLES));
    expect(Number(/define SWITCH_STATIONS (\d+)/.exec(header)?.[1])).toBe(SWITCH_STATIONS);
  });
});
