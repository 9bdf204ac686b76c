import { endianness } from 'node:os';

/** `struct xdp_md` of a test run: the device and queue the packet is said to have come in by. */
export interface XdpContext {
  ingressIfindex: number;
  rxQueueIndex?: number;
}

/** The fields of `struct __sk_buff` that a test run may set, for programs of TC, sockets and cgroups. */
export interface SkbContext {
  ifindex?: number;
  ingressIfindex?: number;
  mark?: number;
  priority?: number;
}

const LITTLE = endianness() === 'LE';
const XDP_MD = { size: 24, dataEnd: 4, ingressIfindex: 12, rxQueueIndex: 16 };
const SK_BUFF = { size: 192, mark: 8, priority: 32, ingressIfindex: 36, ifindex: 40 };
/** First byte and length of what programs leave for one another: mark; priority and devices; cb. */
const CARRIED = [
  [8, 4],
  [32, 12],
  [48, 20],
] as const;

/** The context after a run on a `struct __sk_buff`, as the program after it is to be given it. */
export function carriedContext(after: Uint8Array): Uint8Array {
  const ctx = new Uint8Array(SK_BUFF.size);
  for (const [at, length] of CARRIED) ctx.set(after.subarray(at, at + length), at);
  return ctx;
}

/** The context's bytes for a packet of `dataSize` bytes; the type of program decides which struct it is. */
export function encodeContext(
  ctx: XdpContext | SkbContext | Uint8Array,
  programType: string,
  dataSize: number,
): Uint8Array {
  if (ctx instanceof Uint8Array) return ctx;
  const fields: XdpContext & SkbContext = { ingressIfindex: 0, ...ctx };
  const layout = programType === 'xdp' ? XDP_MD : SK_BUFF;
  const view = new DataView(new ArrayBuffer(layout.size));
  const set = (at: number, value: number | undefined) => view.setUint32(at, value ?? 0, LITTLE);
  set(layout.ingressIfindex, fields.ingressIfindex);
  if (layout === XDP_MD) {
    // `data` and `data_meta` stay 0: the packet begins with its data.
    set(XDP_MD.dataEnd, dataSize);
    set(XDP_MD.rxQueueIndex, fields.rxQueueIndex);
  } else {
    set(SK_BUFF.mark, fields.mark);
    set(SK_BUFF.priority, fields.priority);
    set(SK_BUFF.ifindex, fields.ifindex);
  }
  return new Uint8Array(view.buffer);
}
