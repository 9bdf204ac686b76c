import type { PortRange } from '../port-range.js';
import type { Prefix } from '../prefix.js';
import type { ExpandedRule } from './expand-rules.js';

/** Numbers of `enum firewall_field`: addresses in words of 32 bits, IPv4 in the last. */
export const FIELD = { source: 0, destination: 4, protocol: 8, sourcePort: 9, destinationPort: 10 } as const;
export const FIELDS = 11;

export const PROTOCOLS = { any: 0, icmp: 1, tcp: 6, udp: 17 } as const;
export const ANY_PORT: PortRange = { first: 0, last: 65_535 };
const ANY_PROTOCOL = 255;
const WORD = 0xffff_ffff;
const MAPPED = 0xffff;

/** Values by field, from the lowest to the highest that packets have. */
export interface Box {
  low: Uint32Array;
  high: Uint32Array;
}

/** What rules ask of every field, as ranges with both ends: that of a rule's field is at `place * FIELDS + field`. */
export interface RuleRanges {
  /** What all packets of the family are in. */
  box: Box;
  /** Indexes of the rules among all, ascending, by place. */
  indexes: readonly number[];
  low: Uint32Array;
  high: Uint32Array;
}

/**
 * The rules that can match a packet of the family. A prefix asks for one value of the words before its end, a range of
 * the word that it ends in, and nothing of those behind it: it is a range in each of them.
 */
export function rangesOf(rules: readonly ExpandedRule[], family: 4 | 6): RuleRanges {
  const indexes: number[] = [];
  const low: number[] = [];
  const high: number[] = [];
  for (const [index, { rule, source, destination, ...expanded }] of rules.entries()) {
    if (expanded.family !== 0 && expanded.family !== family) continue;
    indexes.push(index);
    for (const prefix of [source, destination]) {
      const { address, mask } = wordsOf(prefix, family);
      low.push(...address);
      high.push(...address.map((word, i) => (word | ~(mask[i] ?? 0)) >>> 0));
    }
    const protocol = PROTOCOLS[rule.protocol];
    const sourcePorts = rule.sourcePorts ?? ANY_PORT;
    const ports = rule.ports ?? ANY_PORT;
    low.push(protocol, sourcePorts.first, ports.first);
    high.push(protocol === 0 ? ANY_PROTOCOL : protocol, sourcePorts.last, ports.last);
  }
  return { box: boxOf(family), indexes, low: Uint32Array.from(low), high: Uint32Array.from(high) };
}

function boxOf(family: 4 | 6): Box {
  const { address, mask } = wordsOf(undefined, family);
  const last = address.map((word, i) => (word | ~(mask[i] ?? 0)) >>> 0);
  return {
    low: Uint32Array.from([...address, ...address, 0, 0, 0]),
    high: Uint32Array.from([...last, ...last, ANY_PROTOCOL, ANY_PORT.last, ANY_PORT.last]),
  };
}

/**
 * A prefix in the words of the kernel's rule: IPv4 in its IPv4-mapped form, 96 bits more. Any is all addresses of the
 * family, and zeros where there is none.
 */
export function wordsOf(
  prefix: Prefix | undefined,
  family: 0 | 4 | 6,
): Record<'address' | 'mask', readonly number[]> {
  const mapped = (prefix === undefined ? family : prefix.bytes.length) === 4;
  const bytes = prefix?.bytes ?? (mapped ? [0, 0, 0, 0] : []);
  const length = (prefix?.length ?? 0) + (mapped ? 96 : 0);
  const words = Array.from({ length: bytes.length / 4 }, (_, i) =>
    bytes.slice(4 * i, 4 * i + 4).reduce((word, byte) => word * 256 + byte, 0),
  );
  const address = mapped ? [0, 0, MAPPED, ...words] : [...words, 0, 0, 0, 0].slice(0, 4);
  const mask = address.map((_, i) => {
    const bits = Math.min(32, Math.max(0, length - 32 * i));
    return bits === 0 ? 0 : (WORD << (32 - bits)) >>> 0;
  });
  return { address: address.map((word, i) => (word & (mask[i] ?? 0)) >>> 0), mask };
}
