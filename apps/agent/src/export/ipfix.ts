import { parseIp } from '@underware/packet';

/** Why a flow is told (RFC 5102, flowEndReason). */
export const END_REASONS = { idle: 1, active: 2, ended: 3, forced: 4 } as const;
export type EndReason = keyof typeof END_REASONS;

/** What is told of a flow since it was told last. */
export interface FlowRecord {
  source: string;
  destination: string;
  sourcePort: number;
  destinationPort: number;
  /** IP protocol number. */
  protocol: number;
  tcpFlags: number;
  packets: bigint;
  bytes: bigint;
  /** Milliseconds since 1970. */
  startedAt: number;
  endedAt: number;
  reason: EndReason;
  /** 0: into the host at this port, 1: out of it. */
  direction: 0 | 1;
}

/** With its headers it fits the smallest MTU of IPv6. */
const LARGEST_MESSAGE = 1_200;
const VERSION = 10;
const TEMPLATE_SET = 2;
const HEADER_BYTES = 16;
const SET_HEADER_BYTES = 4;

/** Information elements (https://www.iana.org/assignments/ipfix), each with its length, in the order of a record. */
const COMMON: readonly [element: number, bytes: number][] = [
  [7, 2], // sourceTransportPort
  [11, 2], // destinationTransportPort
  [4, 1], // protocolIdentifier
  [6, 1], // tcpControlBits
  [61, 1], // flowDirection
  [136, 1], // flowEndReason
  [2, 8], // packetDeltaCount
  [1, 8], // octetDeltaCount
  [152, 8], // flowStartMilliseconds
  [153, 8], // flowEndMilliseconds
];
const TEMPLATES = {
  4: { id: 256, fields: [[8, 4], [12, 4], ...COMMON] },
  6: { id: 257, fields: [[27, 16], [28, 16], ...COMMON] },
} as const;

export interface Message {
  bytes: Uint8Array;
  /** Data records in it: what the sequence number of the next message grows by. */
  records: number;
}

/** The templates of both families, as a message of their own. */
export function templateMessage(domain: number, sequence: number, at: Date): Message {
  const body = Buffer.concat(
    Object.values(TEMPLATES).map(({ id, fields }) => words([id, fields.length, ...fields.flat()])),
  );
  return { bytes: message(domain, sequence, at, [setOf(TEMPLATE_SET, body)]), records: 0 };
}

/** Flows as messages that fit a datagram each. */
export function flowMessages(
  domain: number,
  sequence: number,
  at: Date,
  flows: readonly FlowRecord[],
): Message[] {
  const messages: Message[] = [];
  let next = sequence;
  let sets: { id: number; records: Buffer[] }[] = [];
  let count = 0;
  let size = HEADER_BYTES;
  const flush = (): void => {
    if (count === 0) return;
    const whole = sets.map(({ id, records }) => setOf(id, Buffer.concat(records)));
    messages.push({ bytes: message(domain, next, at, whole), records: count });
    next = (next + count) >>> 0;
    sets = [];
    count = 0;
    size = HEADER_BYTES;
  };
  for (const flow of flows) {
    const { version } = parseIp(flow.source);
    const { id } = TEMPLATES[version];
    const record = recordOf(flow);
    if (size + SET_HEADER_BYTES + record.length > LARGEST_MESSAGE) flush();
    const last = sets.at(-1);
    if (last?.id === id) {
      last.records.push(record);
    } else {
      sets.push({ id, records: [record] });
      size += SET_HEADER_BYTES;
    }
    size += record.length;
    count += 1;
  }
  flush();
  return messages;
}

function recordOf(flow: FlowRecord): Buffer {
  const counters = Buffer.alloc(32);
  counters.writeBigUInt64BE(flow.packets, 0);
  counters.writeBigUInt64BE(flow.bytes, 8);
  counters.writeBigUInt64BE(BigInt(Math.round(flow.startedAt)), 16);
  counters.writeBigUInt64BE(BigInt(Math.round(flow.endedAt)), 24);
  return Buffer.concat([
    parseIp(flow.source).bytes,
    parseIp(flow.destination).bytes,
    words([flow.sourcePort, flow.destinationPort]),
    Uint8Array.of(flow.protocol, flow.tcpFlags, flow.direction, END_REASONS[flow.reason]),
    counters,
  ]);
}

function message(domain: number, sequence: number, at: Date, sets: readonly Buffer[]): Uint8Array {
  const body = Buffer.concat(sets);
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt16BE(VERSION, 0);
  header.writeUInt16BE(HEADER_BYTES + body.length, 2);
  header.writeUInt32BE(Math.floor(at.getTime() / 1000) >>> 0, 4);
  header.writeUInt32BE(sequence, 8);
  header.writeUInt32BE(domain, 12);
  return Buffer.concat([header, body]);
}

function setOf(id: number, body: Buffer): Buffer {
  return Buffer.concat([words([id, SET_HEADER_BYTES + body.length]), body]);
}

function words(numbers: readonly number[]): Buffer {
  const bytes = Buffer.alloc(2 * numbers.length);
  for (const [index, number] of numbers.entries()) bytes.writeUInt16BE(number, 2 * index);
  return bytes;
}
