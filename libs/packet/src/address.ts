import { UnderwareError } from '@underware/core';

export interface IpAddress {
  version: 4 | 6;
  /** 4 or 16 bytes in network order. */
  bytes: Uint8Array;
}

/** Reads an IPv4 or IPv6 address; throws INPUT_INVALID, naming `field`, for anything else. */
export function parseIp(text: string, field = 'address'): IpAddress {
  const v4 = parseIpv4(text);
  if (v4 !== undefined) return { version: 4, bytes: Uint8Array.from(v4) };
  const v6 = parseIpv6(text);
  if (v6 !== undefined) return { version: 6, bytes: v6 };
  throw invalid(field, text, 'an IPv4 or IPv6 address, e.g. 10.60.0.2 or fd60::2');
}

/** Canonical text: dotted quad, or RFC 5952 for 16 bytes. */
export function formatIp(bytes: Uint8Array): string {
  if (bytes.length === 4) return [...bytes].join('.');
  const groups = Array.from({ length: 8 }, (_, i) => ((bytes[2 * i] ?? 0) << 8) | (bytes[2 * i + 1] ?? 0));
  const gap = longestZeroRun(groups);
  const hex = (from: number, to: number): string =>
    groups
      .slice(from, to)
      .map((group) => group.toString(16))
      .join(':');
  return gap.length < 2 ? hex(0, 8) : `${hex(0, gap.start)}::${hex(gap.start + gap.length, 8)}`;
}

/** Reads six colon-separated hex bytes; throws INPUT_INVALID, naming `field`, for anything else. */
export function parseMac(text: string, field = 'MAC address'): Uint8Array {
  if (!/^[0-9a-f]{2}(:[0-9a-f]{2}){5}$/i.test(text)) {
    throw invalid(field, text, 'six hex bytes, e.g. 02:00:00:00:00:01');
  }
  return Uint8Array.from(text.split(':'), (byte) => Number.parseInt(byte, 16));
}

export function formatMac(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join(':');
}

export function invalid(field: string, value: string | number, wanted: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'build a packet',
    on: field,
    why: `${JSON.stringify(value)} is not ${wanted}`,
    remedy: `Write ${wanted}`,
  });
}

function parseIpv4(text: string): number[] | undefined {
  const parts = text.split('.');
  if (parts.length !== 4) return undefined;
  const bytes: number[] = [];
  for (const part of parts) {
    // A leading zero means octal to some parsers and decimal to others: refused, as inet_pton does.
    if (!/^(0|[1-9][0-9]{0,2})$/.test(part) || Number(part) > 255) return undefined;
    bytes.push(Number(part));
  }
  return bytes;
}

function parseIpv6(text: string): Uint8Array | undefined {
  const halves = text.split('::');
  if (halves.length > 2) return undefined;
  const head = parseGroups(halves[0] ?? '', halves.length === 1);
  const tail = halves.length === 2 ? parseGroups(halves[1] ?? '', true) : [];
  if (head === undefined || tail === undefined) return undefined;
  const missing = 8 - head.length - tail.length;
  if (halves.length === 1 ? missing !== 0 : missing < 1) return undefined;
  const groups = [...head, ...Array.from({ length: missing }, () => 0), ...tail];
  return Uint8Array.from(groups.flatMap((group) => [group >> 8, group & 0xff]));
}

/** Groups between colons; the last may be a dotted quad where `atEnd` says that the address ends here. */
function parseGroups(text: string, atEnd: boolean): number[] | undefined {
  if (text === '') return [];
  const parts = text.split(':');
  const groups: number[] = [];
  for (const [i, part] of parts.entries()) {
    if (atEnd && i === parts.length - 1 && part.includes('.')) {
      const quad = parseIpv4(part);
      if (quad === undefined) return undefined;
      const [a = 0, b = 0, c = 0, d = 0] = quad;
      groups.push((a << 8) | b, (c << 8) | d);
      continue;
    }
    if (!/^[0-9a-f]{1,4}$/i.test(part)) return undefined;
    groups.push(Number.parseInt(part, 16));
  }
  return groups;
}

function longestZeroRun(groups: number[]): { start: number; length: number } {
  let best = { start: 0, length: 0 };
  let run = { start: 0, length: 0 };
  for (const [i, group] of groups.entries()) {
    if (group !== 0) {
      run = { start: i + 1, length: 0 };
      continue;
    }
    run = { start: run.start, length: run.length + 1 };
    if (run.length > best.length) best = run;
  }
  return best;
}
