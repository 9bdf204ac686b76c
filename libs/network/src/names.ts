import { isIP } from 'node:net';
import { UnderwareError } from '@underware/core';

const NAME = /^[a-zA-Z0-9_][a-zA-Z0-9._-]*$/;
const MAC = /^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i;

/** A device name as the kernel and a command line can take it. */
export function checkDevice(name: string): string {
  return check(name.length <= 15 && NAME.test(name), 'device', name, 'up to 15 of a-z A-Z 0-9 . _ -');
}

export function checkNamespace(name: string): string {
  return check(name.length <= 200 && NAME.test(name), 'namespace', name, 'letters, digits, . _ -');
}

export function checkMac(mac: string): string {
  return check(MAC.test(mac), 'MAC address', mac, 'six pairs of hex digits with colons');
}

export function checkMtu(mtu: number): string {
  return check(Number.isInteger(mtu) && mtu >= 68 && mtu <= 65535, 'MTU', String(mtu), '68 to 65535');
}

export function checkAddress(address: string): string {
  return check(isIP(address) !== 0, 'address', address, 'an IPv4 or IPv6 address');
}

/** An address with prefix length in the kernel's own spelling, and its family. */
export function readCidr(cidr: string): { text: string; address: string; length: number; family: 4 | 6 } {
  const [address = '', length = '', ...rest] = cidr.split('/');
  const family = isIP(address);
  const bits = /^\d{1,3}$/.test(length) ? Number(length) : -1;
  check(
    (family === 4 || family === 6) && rest.length === 0 && bits >= 0 && bits <= (family === 4 ? 32 : 128),
    'address',
    cidr,
    'an address with prefix length, e.g. 10.60.0.2/32',
  );
  const spelled = family === 6 ? new URL(`http://[${address}]/`).hostname.slice(1, -1) : address;
  return { text: `${spelled}/${bits}`, address: spelled, length: bits, family: family === 6 ? 6 : 4 };
}

function check(holds: boolean, kind: string, value: string, expected: string): string {
  if (holds) return value;
  throw new UnderwareError({
    code: 'PAYLOAD_INVALID',
    attempted: 'configure the network',
    on: `${kind} ${JSON.stringify(value)}`,
    why: `this is not a valid ${kind}`,
    remedy: `Use ${expected}.`,
  });
}
