import { UnderwareError } from '@underware/core';
import type { BtfValue, InstanceConfig, MapEntry } from '@underware/core';
import { labelByIndex, withZeros } from '../label-rows.js';
import type { Family, Prefix } from '../prefix.js';
import { stableIds } from '../stable-ids.js';
import type { Binding, LabelledRow, TelemetryRow } from '../underservice-kind.js';
import { fillRing, ringSize } from './maglev.js';
import { checksOf } from './checks.js';
import { addressIn, readBalancer } from './model.js';
import type { Backend, BalancerModel } from './model.js';

/** Numbers of `bpf/load-balancer/load-balancer.h`; a test reads the header and holds them together. */
export const BALANCER_DIRECTIONS = { outbound: 0, inbound: 1 } as const;
export const BALANCER_STATES = ['opening', 'open', 'closing', 'datagrams'] as const;
export const BALANCER_COUNTERS = [
  'forwarded',
  'returned',
  'related',
  'answered',
  'not_ours',
  'no_service',
  'no_backend',
  'fragment',
  'collided',
  'malformed',
  'opened',
  'moved',
  'none_healthy',
] as const;
export const BALANCER_BACKENDS = 1024;
/** Told by agents beside the maps: what checks found, by index of the backend. */
export const BACKEND_HEALTH = 'backend_health';
const NAMED_MAPS = ['service_counts', 'backend_opened', BACKEND_HEALTH];
const ROW = 256;
const FAMILIES: readonly Family[] = ['ipv4', 'ipv6'];
const PROTOCOLS = { tcp: 6, udp: 17 } as const;
const NO_ADDRESS: readonly number[] = Array.from({ length: 16 }, () => 0);
const NO_MAC = [0, 0, 0, 0, 0, 0];
/** Seconds; those of open connections are the author's. */
const TIMEOUTS = { opening: 60, closing: 120 };

/** At a client's port: outbound with the rings, inbound with the way back alone. */
export function compileBalancer(model: Record<string, unknown>, binding: Binding): InstanceConfig {
  const balancer = readBalancer(model);
  const outbound = binding.direction === 'outbound';
  const backends = outbound ? backendsOf(balancer, binding.addresses) : [];
  if (outbound) requireBackends(balancer, backends, binding);
  const { rows, rings } = ringsOf(backends);
  const services = outbound ? balancer.services : [];
  const checks = outbound ? checksOf(balancer, backends) : undefined;
  return {
    rodata: {
      balancer_config: {
        addresses: FAMILIES.map((family) =>
          mapped(balancer.addresses.find((address) => address.family === family)),
        ),
        direction: BALANCER_DIRECTIONS[binding.direction],
        by_source: balancer.bySource ? 1 : 0,
        affinity_timeout: Math.ceil(balancer.affinityTimeout),
        drain: Math.ceil(balancer.drain),
        timeouts: timeoutsOf(balancer),
        backends: backends.length,
        checked: checks === undefined ? 0 : 1,
        rings,
        answer_mac: NO_MAC,
      },
    },
    maps: {
      services: services.map(({ protocol, port, targetPort }, i) => ({
        key: { port, protocol: PROTOCOLS[protocol], reserved: 0 },
        value: { target_port: targetPort, number: i },
      })),
      backends: backends.map((backend, key) => ({ key, value: encodeBackend(backend) })),
      members: backends.map(({ id }, value) => ({ key: id, value })),
      ring: rows,
    },
    mapSizes: {
      backends: Math.max(1, backends.length),
      members: Math.max(1, backends.length),
      ring: Math.max(1, rows.length),
      backend_opened: Math.max(1, backends.length),
      service_counts: Math.max(1, services.length),
      connections: balancer.connections,
      returns: balancer.connections,
      affinities: balancer.bySource ? balancer.connections : 1,
    },
    ...(checks === undefined ? {} : { checks }),
  };
}

/** In the order of the descriptor, those that drain among them. */
export function backendsOf(
  { backends }: Pick<BalancerModel, 'backends'>,
  addresses: Binding['addresses'],
): Backend[] {
  const known = backends.map(({ port, weight }) => {
    const own = addresses.get(port) ?? [];
    return {
      port,
      weight,
      addresses: { ipv4: addressIn(own, 'ipv4'), ipv6: addressIn(own, 'ipv6') },
      name: `${port} ${own.join(' ')}`,
    };
  });
  const ids = stableIds(known.map(({ name }) => name));
  return known.map(({ name, ...backend }) => ({ ...backend, id: ids.get(name) ?? 0 }));
}

/** Counters by what an author named. */
export function labelBalancer(
  model: Record<string, unknown>,
  map: string,
  rows: TelemetryRow[],
): LabelledRow[] {
  if (map === 'counters') return labelByIndex(withZeros(rows, BALANCER_COUNTERS.length), BALANCER_COUNTERS);
  if (!NAMED_MAPS.includes(map)) return rows;
  const { services, backends } = readBalancer(model);
  if (map === BACKEND_HEALTH)
    return labelByIndex(
      rows,
      backends.map(({ port }) => port),
    );
  const names =
    map === 'service_counts' ? services.map(({ name }) => name) : backends.map(({ port }) => port);
  return labelByIndex(withZeros(rows, names.length), names);
}

function requireBackends({ addresses }: BalancerModel, backends: readonly Backend[], binding: Binding): void {
  if (backends.length > BALANCER_BACKENDS)
    throw impossible(binding, `it has ${backends.length} backends, an instance holds ${BALANCER_BACKENDS}`);
  for (const { family } of addresses) {
    if (backends.some((backend) => backend.addresses[family] !== undefined)) continue;
    throw impossible(binding, `no backend has an ${family} address, and a virtual address is ${family}`);
  }
}

/** One ring of each family, in rows one after the other; families with the same backends have the same. */
function ringsOf(backends: readonly Backend[]): { rows: MapEntry[]; rings: BtfValue[] } {
  const rows: MapEntry[] = [];
  const made = new Map<string, { first_row: number; slots: number }>();
  const rings = FAMILIES.map((family) => {
    const members = backends.map(({ port, weight, addresses }) => ({
      name: port,
      weight: addresses[family] === undefined ? 0 : weight,
    }));
    const of = members.map(({ weight }) => weight).join();
    let ring = made.get(of);
    if (ring === undefined) {
      const slots = fillRing(members, ringSize(members.filter(({ weight }) => weight > 0).length));
      ring = { first_row: rows.length, slots: slots.length };
      rows.push(...rowsOf(slots, rows.length));
      made.set(of, ring);
    }
    return { ...ring };
  });
  return { rows, rings };
}

function rowsOf(slots: readonly number[], first: number): MapEntry[] {
  return Array.from({ length: Math.ceil(slots.length / ROW) }, (_, i) => ({
    key: first + i,
    value: { slots: Array.from({ length: ROW }, (__, k) => slots[i * ROW + k] ?? 0) },
  }));
}

function timeoutsOf({ tcpTimeout, udpTimeout }: BalancerModel): number[] {
  const timeouts = { ...TIMEOUTS, open: Math.ceil(tcpTimeout), datagrams: Math.ceil(udpTimeout) };
  return BALANCER_STATES.map((state) => timeouts[state]);
}

function encodeBackend({ addresses, weight, id }: Backend): BtfValue {
  return {
    addresses: FAMILIES.map((family) => mapped(addresses[family])),
    mac: NO_MAC,
    draining: weight === 0 ? 1 : 0,
    reserved: 0,
    id,
  };
}

/** IPv4 in its IPv4-mapped form; of none, zeros. */
function mapped(prefix: Prefix | undefined): number[] {
  if (prefix === undefined) return [...NO_ADDRESS];
  return prefix.family === 'ipv6'
    ? [...prefix.bytes]
    : [...NO_ADDRESS.slice(0, 10), 255, 255, ...prefix.bytes];
}

function impossible({ port, direction }: Binding, why: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'compile the model of a load balancer',
    on: `${port} ${direction}`,
    why,
    remedy: 'Correct the descriptor.',
  });
}
