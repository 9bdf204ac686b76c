const ETHERNET_BYTES = 14;
const TYPE_OFFSET = 12;
const FRAGMENT_HEADER = 44;

/** The packet with VLAN tags, outermost first. */
export function withVlanTags(packet: Uint8Array, ids: readonly number[]): Uint8Array {
  const tags = ids.flatMap((id) => [0x81, 0x00, id >> 8, id & 0xff]);
  return join(packet.subarray(0, TYPE_OFFSET), Uint8Array.from(tags), packet.subarray(TYPE_OFFSET));
}

/** The frame with zeros behind the packet, as Ethernet's smallest frame has. */
export function padded(packet: Uint8Array, bytes: number): Uint8Array {
  return join(packet, new Uint8Array(Math.max(0, bytes - packet.length)));
}

/** A copy with bytes overwritten from `offset` on. */
export function withBytes(packet: Uint8Array, offset: number, bytes: readonly number[]): Uint8Array {
  const copy = Uint8Array.from(packet);
  copy.set(bytes, offset);
  return copy;
}

/** An IPv6 packet with extension headers of eight bytes each between the fixed header and the transport. */
export function withExtensions(packet: Uint8Array, headers: readonly number[]): Uint8Array {
  const fixed = ETHERNET_BYTES + 40;
  const transport = packet[ETHERNET_BYTES + 6] ?? 0;
  const chain = [...headers, transport];
  const inserted = headers.flatMap((_, i) => [chain[i + 1] ?? 0, 0, 0, 0, 0, 0, 0, 0]);
  const longer = join(packet.subarray(0, fixed), Uint8Array.from(inserted), packet.subarray(fixed));
  longer[ETHERNET_BYTES + 6] = chain[0] ?? 0;
  const view = new DataView(longer.buffer);
  view.setUint16(ETHERNET_BYTES + 4, longer.length - fixed);
  return longer;
}

/** The packet as one fragment of a longer one; `offset` in units of eight bytes. The IPv4 checksum is left as it was. */
export function asFragment(
  packet: Uint8Array,
  { offset, more }: { offset: number; more: boolean },
): Uint8Array {
  const version = (packet[ETHERNET_BYTES] ?? 0) >> 4;
  const fragment = version === 6 ? withExtensions(packet, [FRAGMENT_HEADER]) : Uint8Array.from(packet);
  const view = new DataView(fragment.buffer);
  if (version === 6) view.setUint16(ETHERNET_BYTES + 40 + 2, (offset << 3) | Number(more));
  else view.setUint16(ETHERNET_BYTES + 6, (Number(more) << 13) | offset);
  return fragment;
}

function join(...parts: Uint8Array[]): Uint8Array<ArrayBuffer> {
  const whole = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    whole.set(part, at);
    at += part.length;
  }
  return whole;
}
