import { endianness } from 'node:os';

/** `struct xdp_md` for a test run: the device and queue the packet is said to have come in by. */
export interface XdpContext {
  /** A device with a registered receive queue: a veth has one once it runs XDP or GRO. */
  ingressIfindex: number;
  rxQueueIndex?: number;
}

/** The fields of `struct __sk_buff` that a test run may set. */
export interface SkbContext {
  ifindex?: number;
  ingressIfindexSkb?: number;
  mark?: number;
  priority?: number;
}

const LITTLE = endianness() === 'LE';
const SKB_SIZE = 192;

export function encodeContext(ctx: XdpContext | SkbContext | Uint8Array, dataSize: number): Uint8Array {
  if (ctx instanceof Uint8Array) return ctx;
  if ('ingressIfindex' in ctx) {
    const view = new DataView(new ArrayBuffer(24));
    view.setUint32(4, dataSize, LITTLE); // data_end; data and data_meta stay 0
    view.setUint32(12, ctx.ingressIfindex, LITTLE);
    view.setUint32(16, ctx.rxQueueIndex ?? 0, LITTLE);
    return new Uint8Array(view.buffer);
  }
  const view = new DataView(new ArrayBuffer(SKB_SIZE));
  view.setUint32(8, ctx.mark ?? 0, LITTLE);
  view.setUint32(32, ctx.priority ?? 0, LITTLE);
  view.setUint32(36, ctx.ingressIfindexSkb ?? 0, LITTLE);
  view.setUint32(40, ctx.ifindex ?? 0, LITTLE);
  return new Uint8Array(view.buffer);
}
