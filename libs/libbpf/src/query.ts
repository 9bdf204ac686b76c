import { attachTypeNumber } from './names.js';
import { call, callAsync, native } from './native.js';

/** Ids of everything in the kernel, whoever loaded it. Needs CAP_SYS_ADMIN. */
export const programIds = (): number[] => call('programs', () => native().programIds());
export const mapIds = (): number[] => call('maps', () => native().mapIds());
export const linkIds = (): number[] => call('links', () => native().linkIds());

export interface TcxQuery {
  /** Grows with every change; give it as `expectedRevision` to attach only to what was seen. */
  revision: number;
  /** In the order they run. */
  programs: { id: number; linkId?: number }[];
}

/** What is attached to one direction of a device by TCX. */
export async function queryTcx(ifindex: number, direction: 'ingress' | 'egress'): Promise<TcxQuery> {
  const type = attachTypeNumber(`tcx_${direction}`);
  return callAsync(`device ${ifindex} ${direction}`, () => native().queryTcx(ifindex, type));
}

const XDP_FEATURES = ['basic', 'redirect', 'ndo_xmit', 'xsk_zerocopy', 'hw_offload', 'rx_sg', 'ndo_xmit_sg'];

export interface XdpQuery {
  programs: { id: number; mode: 'native' | 'generic' | 'offload' }[];
  /** What the device's driver can: `basic`, `redirect`, `ndo_xmit`, `xsk_zerocopy`, `hw_offload`, `rx_sg`, `ndo_xmit_sg`. */
  features: string[];
}

/** What is attached to a device by XDP, and what its driver supports. */
export async function queryXdp(ifindex: number): Promise<XdpQuery> {
  const found = await callAsync(`device ${ifindex}`, () => native().queryXdp(ifindex));
  const modes = ['native', 'generic', 'offload'] as const;
  return {
    programs: modes.filter((mode) => found[mode] !== 0).map((mode) => ({ id: found[mode], mode })),
    features: XDP_FEATURES.filter((_, bit) => (found.features & (1 << bit)) !== 0),
  };
}

/** In the network namespace of this process. */
export const interfaceIndex = (name: string): number =>
  call(`device ${name}`, () => native().interfaceIndex(name));
export const interfaceName = (ifindex: number): string =>
  call(`device ${ifindex}`, () => native().interfaceName(ifindex));

export const possibleCpus = (): number => native().possibleCpus;
export const libbpfVersion = (): string => native().libbpfVersion;
