import { UnderwareError } from '@underware/core';
import type {
  ConnectionFilter,
  ConnectionsAnswer,
  ConnectionsQuestion,
  FlushAnswer,
  FlushQuestion,
  LiveConnection,
} from '@underware/jobs';
import type { KeyFields, MapPage } from '@underware/kernel';
import { parseIp } from '@underware/packet';
import { readFlowEnds } from '@underware/underservices';
import { instanceOf, type AskedOf } from './asked-of.js';

/** Of the firewall: those that have been answered, and those that have just begun. */
const TABLES = ['connections', 'pending'] as const;
const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17 } as const;
/** Before an IPv4 address in a field of 16 bytes. */
const MAPPED = Buffer.from('00000000000000000000ffff', 'hex');

/** What packets wait for in both tables, in the order of the tables. */
export async function answerConnections(
  asked: AskedOf,
  { instance, filter, offset, limit }: ConnectionsQuestion,
): Promise<ConnectionsAnswer> {
  await firewallOf(asked, instance, 'list connections');
  const matches = matcher(filter);
  const now = process.hrtime.bigint();
  const first = await asked.maps.read(instance, TABLES[0], { offset, limit }, matches);
  if (first.more || first.rows.length === limit) return { ...present(first, now), more: true };
  // How many the first table has is known once its end was reached.
  const before = offset === 0 ? first.rows.length : await count(asked, instance, matches);
  const rest = { offset: Math.max(0, offset - before), limit: limit - first.rows.length };
  const second = await asked.maps.read(instance, TABLES[1], rest, matches);
  return present({ rows: [...first.rows, ...second.rows], more: second.more }, now);
}

/** Forgets connections: packets of theirs are judged by the rules again. */
export async function answerFlush(asked: AskedOf, { instance, filter }: FlushQuestion): Promise<FlushAnswer> {
  await firewallOf(asked, instance, 'flush connections');
  const matches = matcher(filter);
  let flushed = 0;
  for (const table of TABLES) flushed += await asked.maps.deleteWhere(instance, table, matches);
  return { flushed };
}

async function count(
  { maps }: AskedOf,
  instance: string,
  matches: (fields: KeyFields) => boolean,
): Promise<number> {
  let found = 0;
  await maps.read(instance, TABLES[0], { offset: 0, limit: 1 }, (fields) => {
    if (matches(fields)) found += 1;
    return false;
  });
  return found;
}

async function firewallOf(asked: AskedOf, instance: string, attempted: string): Promise<void> {
  const { plugin } = await instanceOf(asked, instance, attempted);
  if ((await asked.host.manifestOf(plugin.digest)).implements === 'firewall') return;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted,
    on: `${plugin.name}@${plugin.version} as ${instance}`,
    why: 'it is no firewall',
    remedy: 'Name an instance of a firewall',
  });
}

function matcher({ address, port, protocol }: ConnectionFilter): (fields: KeyFields) => boolean {
  const wanted = address === undefined ? undefined : addressBytes(address);
  const number = protocol && PROTOCOLS[protocol];
  return (field) => {
    const isEnd = (name: string): boolean => wanted === undefined || wanted.equals(field(name));
    const isPort = (name: string): boolean =>
      port === undefined || new Uint16Array(Uint8Array.from(field(name)).buffer)[0] === port;
    if (number !== undefined && field('protocol')[0] !== number) return false;
    return (isEnd('low') || isEnd('high')) && (isPort('low_port') || isPort('high_port'));
  };
}

function addressBytes(text: string): Buffer {
  const { version, bytes } = parseIp(text);
  return version === 6 ? Buffer.from(bytes) : Buffer.concat([MAPPED, bytes]);
}

function present({ rows, more }: MapPage, now: bigint): ConnectionsAnswer {
  return { connections: rows.flatMap(({ key, value }) => connectionOf(key, value, now) ?? []), more };
}

/** Undefined for a row with other fields than this firewall's. */
function connectionOf(key: unknown, value: unknown, now: bigint): LiveConnection | undefined {
  const [flow, connection] = [fieldsOf(key), fieldsOf(value)];
  const lowFirst = Number(connection['initiator']) !== 2;
  const [from, to] = lowFirst ? (['low', 'high'] as const) : (['high', 'low'] as const);
  const ends = readFlowEnds({
    source: flow[from],
    destination: flow[to],
    source_port: flow[`${from}_port`],
    destination_port: flow[`${to}_port`],
    protocol: flow['protocol'],
  });
  if (!ends) return undefined;
  return {
    protocol: ends.protocol,
    state: Number(connection['state']),
    from: { address: ends.source, port: ends.sourcePort },
    to: { address: ends.destination, port: ends.destinationPort },
    asked: wayOf(connection['asked']),
    answered: wayOf(connection['answered']),
    rule: Number(connection['rule']),
    ageSeconds: secondsSince(connection['first_ns'], now),
    idleSeconds: secondsSince(connection['last_ns'], now),
  };
}

function wayOf(value: unknown): { packets: number; bytes: number } {
  const { packets, bytes } = fieldsOf(value);
  return { packets: Number(packets), bytes: Number(bytes) };
}

/** The plugin's clock is the process's: CLOCK_MONOTONIC. */
function secondsSince(ns: unknown, now: bigint): number {
  const then = BigInt(typeof ns === 'number' || typeof ns === 'string' ? ns : 0);
  return Math.max(0, Number(now - then) / 1e9);
}

function fieldsOf(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
}
