/** Where packets were captured. */
export interface CaptureInterface {
  name: string;
  /** Seen from the owner of the port. */
  direction: 'inbound' | 'outbound';
}

export interface CapturedFrame {
  /** Index into the interfaces. */
  interface: number;
  /** Microseconds since 1970. */
  at: number;
  /** What was captured; Ethernet. */
  data: Uint8Array;
  /** Of the whole packet. */
  bytes: number;
}

const SECTION = 0x0a0d0d0a;
const BYTE_ORDER = 0x1a2b3c4d;
const INTERFACE = 1;
const ENHANCED_PACKET = 6;
const ETHERNET = 1;
/** Options by their numbers in https://www.ietf.org/archive/id/draft-ietf-opsawg-pcapng. */
const OPTIONS = { end: 0, application: 4, interfaceName: 2, flags: 2 } as const;
const FLAGS = { inbound: 1, outbound: 2 } as const;

/** A file of captured packets as tcpdump and Wireshark read it: pcapng, little-endian, times in microseconds. */
export function writePcapng(
  interfaces: readonly CaptureInterface[],
  frames: readonly CapturedFrame[],
  snap: number,
): Uint8Array {
  return joined([
    block(SECTION, [
      words(BYTE_ORDER, 0x0000_0001, 0xffff_ffff, 0xffff_ffff),
      option(OPTIONS.application, 'underware'),
    ]),
    ...interfaces.map(({ name }) =>
      block(INTERFACE, [words(ETHERNET, snap), option(OPTIONS.interfaceName, name)]),
    ),
    ...frames.map((frame) => packetBlock(frame, interfaces[frame.interface]?.direction)),
  ]);
}

function packetBlock(frame: CapturedFrame, direction: CaptureInterface['direction'] | undefined): Uint8Array {
  const { data, at, bytes } = frame;
  const high = Math.floor(at / 2 ** 32);
  const head = words(frame.interface, high, at % 2 ** 32, data.length, bytes);
  const flags = direction === undefined ? [] : [option(OPTIONS.flags, words(FLAGS[direction]))];
  return block(ENHANCED_PACKET, [head, padded(data), ...flags]);
}

/** The length stands before and behind, so that a file can be read from either end. */
function block(type: number, parts: readonly Uint8Array[]): Uint8Array {
  const body = joined(parts.length > 1 ? [...parts, words(OPTIONS.end)] : parts);
  const length = body.length + 12;
  return joined([words(type, length), body, words(length)]);
}

function option(code: number, value: string | Uint8Array): Uint8Array {
  const bytes = typeof value === 'string' ? new TextEncoder().encode(value) : value;
  return joined([words(code | (bytes.length << 16)), padded(bytes)]);
}

function padded(bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(Math.ceil(bytes.length / 4) * 4);
  whole.set(bytes);
  return whole;
}

function words(...numbers: number[]): Uint8Array {
  const view = new DataView(new ArrayBuffer(4 * numbers.length));
  for (const [index, number] of numbers.entries()) view.setUint32(4 * index, number >>> 0, true);
  return new Uint8Array(view.buffer);
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
  const whole = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
