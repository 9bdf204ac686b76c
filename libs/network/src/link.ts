import { UnderwareError } from '@underware/core';
import { type Attempt, document, networkError, tryIp } from './ip.js';
import { DEVICE_GROUP, NAME_PREFIX } from './ownership.js';

/** A device as `ip -j addr show` prints it. */
export interface LinkRecord {
  ifindex: number;
  ifname: string;
  /** Index of the veth's other end, in the namespace that `link_netnsid` stands for. */
  link_index?: number;
  link_netnsid?: number;
  flags: string[];
  mtu: number;
  qdisc?: string;
  group?: string;
  address?: string;
  ifalias?: string;
  addr_info?: { family: string; local: string; prefixlen: number; scope: string }[];
}

export function isOurs(link: LinkRecord): boolean {
  return link.group === String(DEVICE_GROUP) && link.ifname.startsWith(NAME_PREFIX);
}

/** Set up, and able to send: the kernel gives a device its queue a moment after its carrier, until then it drops. */
export function isUp(link: LinkRecord): boolean {
  return link.flags.includes('UP') && link.qdisc !== 'noop';
}

/** The addresses of a device in CIDR form, without link-local ones. */
export function addressesOf(link: LinkRecord): string[] {
  return (link.addr_info ?? [])
    .filter(({ scope }) => scope !== 'link')
    .map(({ local, prefixlen }) => `${local}/${prefixlen}`);
}

/** A device of the host, or undefined when there is none of that name. */
export async function findLink(device: string, attempt: Attempt): Promise<LinkRecord | undefined> {
  const { code, stdout, stderr } = await tryIp(['-j', 'addr', 'show', 'dev', device], attempt);
  if (code === 0) return document<LinkRecord>(stdout).find((link) => link.ifname === device);
  const error = networkError(attempt, stderr);
  if (error.code === 'DEVICE_MISSING') return undefined;
  throw error;
}

export function deviceMissing(device: string, attempt: Attempt): UnderwareError {
  return new UnderwareError({
    code: 'DEVICE_MISSING',
    ...attempt,
    why: `there is no network device ${device} on this host`,
    remedy: 'Check with `ip link` that the device is there, then retry.',
  });
}

export function deviceBusy(device: string, attempt: Attempt): UnderwareError {
  return new UnderwareError({
    code: 'DEVICE_BUSY',
    ...attempt,
    why: `the name ${device} is taken by a network device that is not ours (its group is not ${DEVICE_GROUP})`,
    remedy: 'Rename or remove that device if it is yours, then retry; it was not touched.',
  });
}
