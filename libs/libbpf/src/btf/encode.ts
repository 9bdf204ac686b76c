import { writeBits, writeUnsigned } from './bits.js';
import { BtfError, unknownName } from './error.js';
import type { BtfMember, BtfType, BtfValue } from './kinds.js';
import type { TypeTable } from './type-table.js';

/** Writes a value of a BTF type to the start of `out`, which is zero and as large as the type. */
export function encodeValue(
  btf: TypeTable,
  id: number,
  value: BtfValue,
  out: Uint8Array,
  path: string,
): void {
  const type = btf.resolve(id);
  switch (type.kind) {
    case 'int':
    case 'ptr':
    case 'enum':
      writeUnsigned(out, 0, btf.sizeOf(id), scalar(type, value, btf.sizeOf(id) * 8, path));
      return;
    case 'float': {
      if (typeof value !== 'number') throw new BtfError(path, `a number expected, got ${describe(value)}`);
      const raw = type.size === 4 ? new Float32Array([value]) : new Float64Array([value]);
      out.set(new Uint8Array(raw.buffer));
      return;
    }
    case 'array':
      encodeArray(btf, type, value, out, path);
      return;
    case 'struct':
    case 'union':
      encodeMembers(btf, type, value, out, path);
      return;
    case 'datasec': {
      const fields = record(value, path);
      const vars = new Map(type.vars.map((entry) => [btf.nameOf(entry.type), entry]));
      for (const [name, field] of Object.entries(fields)) {
        const entry = vars.get(name);
        if (!entry) throw unknownName(path, 'variable', name, [...vars.keys()]);
        encodeValue(
          btf,
          entry.type,
          field,
          out.subarray(entry.offset, entry.offset + entry.size),
          `${path}.${name}`,
        );
      }
      return;
    }
    default:
      throw new BtfError(path, `a ${type.kind} has no value`);
  }
}

interface Place {
  member: BtfMember;
  /** From the start of the outermost struct. */
  bitOffset: number;
}

/** Fields by name, those of anonymous members among them. */
function places(
  btf: TypeTable,
  members: BtfMember[],
  base = 0,
  into = new Map<string, Place>(),
): Map<string, Place> {
  for (const member of members) {
    const bitOffset = base + member.bitOffset;
    const type = btf.resolve(member.type);
    if (member.name !== '') into.set(member.name, { member, bitOffset });
    else if (type.kind === 'struct' || type.kind === 'union') places(btf, type.members, bitOffset, into);
  }
  return into;
}

/**
 * Fields that share bytes (of a union) may be given together when they agree, so that a decoded value encodes again;
 * where they do not agree the value is refused.
 */
function encodeMembers(
  btf: TypeTable,
  type: Extract<BtfType, { kind: 'struct' | 'union' }>,
  value: BtfValue,
  out: Uint8Array,
  path: string,
): void {
  const known = places(btf, type.members);
  const written = new Map<number, { byte: number; mask: number; field: string }>();
  for (const [name, field] of Object.entries(record(value, path))) {
    const place = known.get(name);
    if (!place) throw unknownName(path, 'field', name, [...known.keys()]);
    const { bytes, mask, at } = encodeField(btf, place, field, `${path}.${name}`);
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i] ?? 0;
      const bits = mask[i] ?? 0;
      const before = written.get(at + i);
      if (before && ((before.byte ^ byte) & before.mask & bits) !== 0) {
        throw new BtfError(
          `${path}.${name}`,
          `contradicts '${before.field}', which lies on the same bytes of the union`,
        );
      }
      written.set(at + i, {
        byte: (before?.byte ?? 0) | (byte & bits),
        mask: (before?.mask ?? 0) | bits,
        field: name,
      });
      out[at + i] = ((out[at + i] ?? 0) & ~bits) | (byte & bits);
    }
  }
}

function encodeField(
  btf: TypeTable,
  { member, bitOffset }: Place,
  value: BtfValue,
  path: string,
): { bytes: Uint8Array; mask: Uint8Array; at: number } {
  const at = Math.floor(bitOffset / 8);
  if (member.bitSize === 0) {
    const bytes = new Uint8Array(btf.sizeOf(member.type));
    encodeValue(btf, member.type, value, bytes, path);
    return { bytes, mask: new Uint8Array(bytes.length).fill(0xff), at };
  }
  const size = Math.ceil((bitOffset + member.bitSize) / 8) - at;
  const bytes = new Uint8Array(size);
  const mask = new Uint8Array(size);
  const raw = scalar(btf.resolve(member.type), value, member.bitSize, path);
  writeBits(bytes, bitOffset - at * 8, member.bitSize, raw);
  writeBits(mask, bitOffset - at * 8, member.bitSize, (1n << BigInt(member.bitSize)) - 1n);
  return { bytes, mask, at };
}

function encodeArray(
  btf: TypeTable,
  type: Extract<BtfType, { kind: 'array' }>,
  value: BtfValue,
  out: Uint8Array,
  path: string,
): void {
  const element = btf.resolve(type.element);
  const size = btf.sizeOf(type.element);
  const isBytes = element.kind === 'int' && element.size === 1;
  if (typeof value === 'string' && isBytes && element.char) {
    const text = new TextEncoder().encode(value);
    if (text.length > type.count)
      throw new BtfError(path, `at most ${type.count} bytes of text, got ${text.length}`);
    out.set(text);
    return;
  }
  if (typeof value === 'string' && isBytes) return encodeArray(btf, type, hexBytes(value, path), out, path);
  if (value instanceof Uint8Array && isBytes) {
    if (value.length > type.count)
      throw new BtfError(path, `at most ${type.count} bytes, got ${value.length}`);
    out.set(value);
    return;
  }
  if (!Array.isArray(value))
    throw new BtfError(path, `a list of ${type.count} expected, got ${describe(value)}`);
  if (value.length > type.count)
    throw new BtfError(path, `at most ${type.count} elements, got ${value.length}`);
  for (const [i, item] of value.entries()) {
    encodeValue(btf, type.element, item, out.subarray(i * size, (i + 1) * size), `${path}[${i}]`);
  }
}

function hexBytes(text: string, path: string): Uint8Array {
  if (!/^(?:[0-9a-f]{2})*$/i.test(text)) throw new BtfError(path, `bytes in hex expected, got '${text}'`);
  return Uint8Array.from(text.match(/../g) ?? [], (byte) => Number.parseInt(byte, 16));
}

/** An integer, checked against the range of its type. */
function scalar(type: BtfType, value: BtfValue, bits: number, path: string): bigint {
  const number = integer(type, value, path);
  const signed = (type.kind === 'int' || type.kind === 'enum') && type.signed;
  const low = signed ? -(1n << BigInt(bits - 1)) : 0n;
  const high = signed ? (1n << BigInt(bits - 1)) - 1n : (1n << BigInt(bits)) - 1n;
  if (number < low || number > high) throw new BtfError(path, `${number} is not in ${low}…${high}`);
  return BigInt.asUintN(bits, number);
}

function integer(type: BtfType, value: BtfValue, path: string): bigint {
  if (typeof value === 'bigint') return value;
  if (typeof value === 'boolean') return value ? 1n : 0n;
  if (typeof value === 'number') {
    if (Number.isSafeInteger(value)) return BigInt(value);
    throw new BtfError(path, `${value} is no exact integer: give larger ones as bigint`);
  }
  // As JSON has what no number of it can say.
  if (typeof value === 'string' && /^-?\d{16,20}$/.test(value)) return BigInt(value);
  if (typeof value === 'string' && type.kind === 'enum') {
    const entry = type.values.find((candidate) => candidate.name === value);
    if (entry) return entry.value;
    throw unknownName(
      path,
      `value of enum ${type.name}`.trimEnd(),
      value,
      type.values.map(({ name }) => name),
    );
  }
  throw new BtfError(path, `an integer expected, got ${describe(value)}`);
}

function record(value: BtfValue, path: string): Record<string, BtfValue> {
  if (typeof value !== 'object' || value === null || Array.isArray(value) || value instanceof Uint8Array) {
    throw new BtfError(path, `an object with fields expected, got ${describe(value)}`);
  }
  return value;
}

function describe(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Uint8Array) return 'bytes';
  return value === null ? 'null' : typeof value === 'string' ? `'${value}'` : typeof value;
}
