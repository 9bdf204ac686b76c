import { readBits, readUnsigned } from './bits.js';
import { BtfError } from './error.js';
import type { BtfMember, BtfType, BtfValue } from './kinds.js';
import type { TypeTable } from './type-table.js';

/** Reads a value of a BTF type from the start of `bytes`. */
export function decodeValue(btf: TypeTable, id: number, bytes: Uint8Array): BtfValue {
  const type = btf.resolve(id);
  switch (type.kind) {
    case 'int':
      return decodeInt(type, readUnsigned(bytes, 0, type.size), type.size * 8);
    case 'enum':
      return decodeEnum(type, readUnsigned(bytes, 0, type.size), type.size * 8);
    case 'ptr':
      return narrow(readUnsigned(bytes, 0, 8));
    case 'float': {
      const view = new DataView(bytes.buffer, bytes.byteOffset);
      const little = new Uint8Array(new Uint16Array([1]).buffer)[0] === 1;
      return type.size === 4 ? view.getFloat32(0, little) : view.getFloat64(0, little);
    }
    case 'array':
      return decodeArray(btf, type, bytes);
    case 'struct':
    case 'union': {
      const out: Record<string, BtfValue> = {};
      for (const member of type.members) decodeMember(btf, member, bytes, out);
      return out;
    }
    case 'datasec': {
      const out: Record<string, BtfValue> = {};
      for (const entry of type.vars) {
        out[btf.nameOf(entry.type)] = decodeValue(
          btf,
          entry.type,
          bytes.subarray(entry.offset, entry.offset + entry.size),
        );
      }
      return out;
    }
    default:
      throw new BtfError(btf.nameOf(id), `a ${type.kind} has no value`);
  }
}

function decodeMember(
  btf: TypeTable,
  member: BtfMember,
  bytes: Uint8Array,
  out: Record<string, BtfValue>,
): void {
  const type = btf.resolve(member.type);
  if (member.bitSize > 0) {
    // An unnamed bit field is padding.
    if (member.name === '') return;
    const raw = readBits(bytes, member.bitOffset, member.bitSize);
    out[member.name] =
      type.kind === 'enum' ? decodeEnum(type, raw, member.bitSize) : decodeInt(type, raw, member.bitSize);
    return;
  }
  const at = member.bitOffset / 8;
  const value = decodeValue(btf, member.type, bytes.subarray(at, at + btf.sizeOf(member.type)));
  if (member.name === '') Object.assign(out, value);
  else out[member.name] = value;
}

function decodeArray(btf: TypeTable, type: Extract<BtfType, { kind: 'array' }>, bytes: Uint8Array): BtfValue {
  const element = btf.resolve(type.element);
  if (element.kind === 'int' && element.size === 1 && element.char) {
    const end = bytes.subarray(0, type.count).indexOf(0);
    return new TextDecoder().decode(bytes.subarray(0, end < 0 ? type.count : end));
  }
  if (element.kind === 'int' && element.size === 1 && !element.signed && !element.bool) {
    return Uint8Array.from(bytes.subarray(0, type.count));
  }
  const size = btf.sizeOf(type.element);
  return Array.from({ length: type.count }, (_, i) =>
    decodeValue(btf, type.element, bytes.subarray(i * size, (i + 1) * size)),
  );
}

function decodeInt(type: BtfType, raw: bigint, bits: number): BtfValue {
  if (type.kind === 'int' && type.bool) return raw !== 0n;
  return narrow(type.kind === 'int' && type.signed ? BigInt.asIntN(bits, raw) : raw);
}

/** The name of the value where it has one. */
function decodeEnum(type: Extract<BtfType, { kind: 'enum' }>, raw: bigint, bits: number): BtfValue {
  const value = type.signed ? BigInt.asIntN(bits, raw) : raw;
  return type.values.find((candidate) => candidate.value === value)?.name ?? narrow(value);
}

/** A number as long as it is exact. */
function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
