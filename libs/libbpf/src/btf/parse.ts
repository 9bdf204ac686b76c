import { endianness } from 'node:os';
import type { BtfMember, BtfType } from './kinds.js';

const MAGIC = 0xeb9f;
const KINDS = [
  'void',
  'int',
  'ptr',
  'array',
  'struct',
  'union',
  'enum',
  'fwd',
  'typedef',
  'volatile',
  'const',
  'restrict',
  'func',
  'func_proto',
  'var',
  'datasec',
  'float',
  'decl_tag',
  'type_tag',
  'enum64',
] as const;
const LITTLE = endianness() === 'LE';

/** Parses raw BTF (of this machine's byte order, as libbpf hands it out) into its types; the index is the type id. */
export function parseBtf(bytes: Uint8Array): BtfType[] {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const u32 = (at: number) => view.getUint32(at, LITTLE);
  if (bytes.byteLength < 24 || view.getUint16(0, LITTLE) !== MAGIC)
    throw new TypeError('not BTF: wrong magic');
  const header = u32(4);
  const end = header + u32(8) + u32(12);
  const strings = header + u32(16);
  const text = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const name = (offset: number) => {
    const start = strings + offset;
    return text.toString('utf8', start, text.indexOf(0, start));
  };

  const types: BtfType[] = [{ kind: 'void' }];
  let at = header + u32(8);
  while (at < end) {
    const nameOffset = u32(at);
    const info = u32(at + 4);
    const sizeOrType = u32(at + 8);
    const count = info & 0xffff;
    const flag = info >>> 31 === 1;
    const kind = KINDS[(info >>> 24) & 0x1f];
    at += 12;
    switch (kind) {
      case 'int': {
        const encoding = (u32(at) >>> 24) & 0x0f;
        const own = name(nameOffset);
        types.push({
          kind,
          name: own,
          size: sizeOrType,
          signed: (encoding & 1) !== 0,
          char: own === 'char' || (encoding & 2) !== 0,
          bool: (encoding & 4) !== 0,
        });
        at += 4;
        break;
      }
      case 'float':
        types.push({ kind, name: name(nameOffset), size: sizeOrType });
        break;
      case 'ptr':
        types.push({ kind, type: sizeOrType });
        break;
      case 'array':
        types.push({ kind, element: u32(at), count: u32(at + 8) });
        at += 12;
        break;
      case 'struct':
      case 'union': {
        const members: BtfMember[] = [];
        for (let i = 0; i < count; i++, at += 12) {
          const offset = u32(at + 8);
          members.push({
            name: name(u32(at)),
            type: u32(at + 4),
            bitOffset: flag ? offset & 0xffffff : offset,
            bitSize: flag ? offset >>> 24 : 0,
          });
        }
        types.push({ kind, name: name(nameOffset), size: sizeOrType, members });
        break;
      }
      case 'enum': {
        const values: { name: string; value: bigint }[] = [];
        for (let i = 0; i < count; i++, at += 8) {
          values.push({
            name: name(u32(at)),
            value: BigInt(flag ? view.getInt32(at + 4, LITTLE) : u32(at + 4)),
          });
        }
        types.push({ kind, name: name(nameOffset), size: sizeOrType, signed: flag, values });
        break;
      }
      case 'enum64': {
        const values: { name: string; value: bigint }[] = [];
        for (let i = 0; i < count; i++, at += 12) {
          const raw = (BigInt(u32(at + 8)) << 32n) | BigInt(u32(at + 4));
          values.push({ name: name(u32(at)), value: flag ? BigInt.asIntN(64, raw) : raw });
        }
        types.push({ kind: 'enum', name: name(nameOffset), size: sizeOrType, signed: flag, values });
        break;
      }
      case 'datasec': {
        const vars: { type: number; offset: number; size: number }[] = [];
        for (let i = 0; i < count; i++, at += 12)
          vars.push({ type: u32(at), offset: u32(at + 4), size: u32(at + 8) });
        types.push({ kind, name: name(nameOffset), size: sizeOrType, vars });
        break;
      }
      case 'var':
      case 'typedef':
      case 'volatile':
      case 'const':
      case 'restrict':
      case 'type_tag':
        types.push({ kind, name: name(nameOffset), type: sizeOrType });
        if (kind === 'var') at += 4;
        break;
      case 'fwd':
      case 'func':
      case 'func_proto':
      case 'decl_tag':
        types.push({ kind, name: name(nameOffset) });
        if (kind === 'decl_tag') at += 4;
        if (kind === 'func_proto') at += 8 * count;
        break;
      default:
        throw new TypeError(
          `BTF type ${types.length} has a kind this package does not know (${(info >>> 24) & 0x1f})`,
        );
    }
  }
  return types;
}
