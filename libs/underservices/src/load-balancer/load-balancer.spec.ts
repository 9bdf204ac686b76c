import { describe, expect, it } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { checkModel, compileUnderservice, describeEvent, labelTelemetry } from '../compile-underservice.js';
import type { Binding } from '../underservice-kind.js';
import { BALANCER_BACKENDS, BALANCER_COUNTERS, BALANCER_DIRECTIONS, BALANCER_STATES } from './compile.js';

const header = readFileSync(
  new URL('../../../../bpf/load-balancer/load-balancer.h', import.meta.url),
  'utf8',
);
const mapped = (...bytes: number[]): number[] => [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 255, 255, ...bytes];
const NONE = Array.from({ length: 16 }, () => 0);

const model = {
  addresses: ['10.68.0.100'],
  services: [
    { name: 'site', protocol: 'tcp', port: 80, target_port: 8080 },
    { name: 'names', protocol: 'udp', port: 53 },
  ],
  backends: [
    { port: 'strong', weight: 4 },
    { port: 'weak', weight: 1 },
    { port: 'old', weight: 0 },
  ],
  affinity: 'source',
  drain: 10,
};
const outbound: Binding = {
  port: 'client',
  direction: 'outbound',
  hook: 'xdp',
  addresses: new Map([
    ['strong', ['10.68.0.2', 'fd68::2']],
    ['weak', ['10.68.0.3']],
    ['old', ['10.68.0.4']],
  ]),
};

const row = (key: number) => ({ key, value: { packets: 3, bytes: 9 } });

function slots(config: ReturnType<typeof compileUnderservice>): number[] {
  return (config.maps['ring'] ?? []).flatMap(({ value }) => (value as { slots: number[] }).slots);
}

describe('the load balancer', () => {
  it('at a client: what it serves, who serves it, and a ring of weights', () => {
    const config = compileUnderservice('load-balancer', model, outbound);
    expect(config.rodata['balancer_config']).toEqual({
      addresses: [mapped(10, 68, 0, 100), NONE],
      direction: 0,
      by_source: 1,
      affinity_timeout: 10_800,
      drain: 10,
      timeouts: [60, 7440, 120, 120],
      backends: 3,
      checked: 0,
      rings: [
        { first_row: 0, slots: 4093 },
        { first_row: 16, slots: 4093 },
      ],
      answer_mac: [0, 0, 0, 0, 0, 0],
    });
    expect(config.maps['services']).toEqual([
      { key: { port: 80, protocol: 6, reserved: 0 }, value: { target_port: 8080, number: 0 } },
      { key: { port: 53, protocol: 17, reserved: 0 }, value: { target_port: 53, number: 1 } },
    ]);
    const [strong, weak, old] = (config.maps['backends'] ?? []).map(({ value }) => value);
    expect(strong).toMatchObject({
      addresses: [mapped(10, 68, 0, 2), [0xfd, 0x68, ...NONE.slice(3), 2]],
      draining: 0,
    });
    expect(weak).toMatchObject({ addresses: [mapped(10, 68, 0, 3), NONE], draining: 0 });
    expect(old).toMatchObject({ draining: 1 });
    const ids = [strong, weak, old].map((backend) => (backend as { id: number }).id);
    expect(config.maps['members']).toEqual(ids.map((key, value) => ({ key, value })));
    const ring = slots(config);
    const share = (index: number, first: number): number =>
      ring.slice(first, first + 4093).filter((slot) => slot === index).length / 4093;
    expect([share(0, 0), share(1, 0), share(2, 0)].map((part) => part.toFixed(2))).toEqual([
      '0.80',
      '0.20',
      '0.00',
    ]);
    expect(share(0, 16 * 256)).toBe(1);
    expect(config.mapSizes).toEqual({
      backends: 3,
      members: 3,
      ring: 32,
      backend_opened: 3,
      service_counts: 2,
      connections: 65_536,
      returns: 65_536,
      affinities: 65_536,
    });
  });

  it('on the way back: the same virtual addresses and sizes of what is shared, and no ring', () => {
    const config = compileUnderservice('load-balancer', model, {
      ...outbound,
      direction: 'inbound',
      hook: 'tcx/egress',
    });
    expect(config.rodata['balancer_config']).toMatchObject({ direction: 1, backends: 0 });
    expect(config.maps).toEqual({ services: [], backends: [], members: [], ring: [] });
    expect(config.mapSizes).toMatchObject({ connections: 65_536, returns: 65_536, affinities: 65_536 });
  });

  it('has one ring for families with the same backends, and names backends alike in every revision', () => {
    const addresses = new Map([
      ['strong', ['10.68.0.2', 'fd68::2']],
      ['weak', ['10.68.0.3', 'fd68::3']],
    ]);
    const two = {
      ...model,
      addresses: ['10.68.0.100', 'fd68::100'],
      backends: [{ port: 'strong' }, { port: 'weak' }],
    };
    const config = compileUnderservice('load-balancer', two, { ...outbound, addresses });
    expect(config.rodata['balancer_config']).toMatchObject({
      rings: [
        { first_row: 0, slots: 4093 },
        { first_row: 0, slots: 4093 },
      ],
    });
    const alone = { ...two, backends: [{ port: 'weak' }] };
    const after = compileUnderservice('load-balancer', alone, { ...outbound, addresses });
    expect(after.maps['members']).toEqual([{ key: config.maps['members']?.[1]?.key, value: 0 }]);
    const moved = new Map([...addresses, ['weak', ['10.68.0.9', 'fd68::3']]] as const);
    const elsewhere = compileUnderservice('load-balancer', alone, { ...outbound, addresses: moved });
    expect(elsewhere.maps['members']?.[0]?.key).not.toEqual(after.maps['members']?.[0]?.key);
  });

  it('is refused where no backend speaks a virtual address, or there are too many', () => {
    const six = { ...model, addresses: ['fd68::100'], backends: [{ port: 'weak' }] };
    expect(() => compileUnderservice('load-balancer', six, outbound)).toThrow(
      /no backend has an ipv6 address/,
    );
    const backends = Array.from({ length: BALANCER_BACKENDS + 1 }, (_, i) => ({ port: `b${i}` }));
    const addresses = new Map(backends.map(({ port }, i) => [port, [`10.${i >> 8}.${i & 255}.1`]]));
    expect(() =>
      compileUnderservice('load-balancer', { ...model, backends }, { ...outbound, addresses }),
    ).toThrow(/1025 backends, an instance holds 1024/);
  });

  it('is refused where it asks for what cannot be told apart or the plugin does not do', () => {
    const findings = (changes: Record<string, unknown>) =>
      checkModel('load-balancer', { ...model, ...changes }, { ports: [] }).map(({ path }) => path.join('.'));
    expect(findings({})).toEqual([]);
    expect(findings({ addresses: ['10.0.0.1', 'fd00::1'] })).toEqual([]);
    expect(findings({ addresses: ['10.0.0.1', '10.0.0.2'] })).toEqual(['addresses.1']);
    expect(findings({ services: [...model.services, { name: 'b', protocol: 'tcp', port: 80 }] })).toEqual([
      'services.2.port',
    ]);
    expect(findings({ mode: 'direct' })).toEqual(['mode']);
    expect(findings({ health_check: { protocol: 'http', path: '/alive', status: [204] } })).toEqual([]);
    expect(findings({ health_check: { protocol: 'tcp', path: '/alive', status: [204] } })).toEqual([
      'health_check.path',
      'health_check.status',
    ]);
    const datagrams = model.services.filter(({ protocol }) => protocol === 'udp');
    expect(findings({ health_check: { protocol: 'tcp' }, services: datagrams })).toEqual(['health_check']);
  });

  it('has agents check who may get connections, by the first service over TCP', () => {
    const health_check = {
      protocol: 'http',
      path: '/alive',
      status: [204],
      interval: 1,
      timeout: 0.5,
      fall: 2,
    };
    const checked = compileUnderservice('load-balancer', { ...model, health_check }, outbound);
    const ids = (checked.maps['members'] ?? []).map(({ key }) => key);
    expect(checked.rodata['balancer_config']).toMatchObject({ checked: 1 });
    expect(checked.checks).toEqual({
      ...health_check,
      rise: 2,
      service: { addresses: ['10.68.0.100'], port: 80 },
      backends: [
        { name: 'strong', id: ids[0], index: 0, addresses: ['10.68.0.2'], port: 8080 },
        { name: 'weak', id: ids[1], index: 1, addresses: ['10.68.0.3'], port: 8080 },
      ],
    });
    const inbound = compileUnderservice(
      'load-balancer',
      { ...model, health_check },
      { ...outbound, direction: 'inbound' },
    );
    expect(inbound.checks).toBeUndefined();
    expect(inbound.rodata['balancer_config']).toMatchObject({ checked: 0 });
    const other = { protocol: 'tcp', port: 9090 };
    const elsewhere = compileUnderservice('load-balancer', { ...model, health_check: other }, outbound);
    expect(elsewhere.checks?.backends.map(({ port }) => port)).toEqual([9090, 9090]);
  });

  it('tells what checks changed', () => {
    const why = '10.68.0.3 port 8080: connection refused';
    expect(describeEvent('load-balancer', model, { backend: 'weak', down: 1, why })).toEqual({
      what: `backend weak is down: ${why}`,
    });
    expect(describeEvent('load-balancer', model, { backend: 'weak', down: 0 })).toEqual({
      what: 'backend weak is up',
    });
  });

  it('names what it counts', () => {
    const rows = labelTelemetry('load-balancer', model, {
      counters: [row(0)],
      service_counts: [row(1)],
      backend_opened: [row(0)],
      backend_health: [{ key: 1, value: { state: 'down' } }],
    });
    expect(rows['counters']?.map(({ label }) => label)).toEqual([...BALANCER_COUNTERS]);
    expect(rows['service_counts']?.map(({ label }) => label)).toEqual(['site', 'names']);
    expect(rows['backend_opened']?.map(({ label }) => label)).toEqual(['strong', 'weak', 'old']);
    expect(rows['backend_health']).toEqual([{ key: 1, label: 'weak', value: { state: 'down' } }]);
    expect(rows['service_counts']?.[1]).toMatchObject(row(1));
  });

  it('has the numbers of its header', () => {
    const names = (kind: string): string[] => {
      const body = new RegExp(`enum ${kind} \\{([^}]*)\\}`).exec(header)?.[1] ?? '';
      return [...body.matchAll(/^\tBALANCER_(\w+)/gm)].map((match) => (match[1] ?? '').toLowerCase());
    };
    expect(names('balancer_counter')).toEqual([...BALANCER_COUNTERS, 'counters']);
    expect(names('balancer_state')).toEqual([...BALANCER_STATES, 'states']);
    expect(names('balancer_direction')).toEqual(Object.keys(BALANCER_DIRECTIONS));
    expect(names('balancer_family')).toEqual(['ipv4', 'ipv6', 'families']);
    expect(Number(/define BALANCER_BACKENDS (\d+)/.exec(header)?.[1])).toBe(BALANCER_BACKENDS);
    expect(header).toMatch(/define BALANCER_ROW 256\n/);
  });
});
