import { endianness } from 'node:os';

const LITTLE = endianness() === 'LE';

/** Reads an unsigned number of `size` bytes in this machine's byte order. */
export function readUnsigned(bytes: Uint8Array, at: number, size: number): bigint {
  let value = 0n;
  for (let i = 0; i < size; i++)
    value = (value << 8n) | BigInt(bytes[LITTLE ? at + size - 1 - i : at + i] ?? 0);
  return value;
}

export function writeUnsigned(bytes: Uint8Array, at: number, size: number, value: bigint): void {
  let rest = BigInt.asUintN(size * 8, value);
  for (let i = 0; i < size; i++, rest >>= 8n)
    bytes[LITTLE ? at + i : at + size - 1 - i] = Number(rest & 0xffn);
}

/** Reads a bit field; `bitOffset` counts from the start of `bytes` as BTF counts it for this byte order. */
export function readBits(bytes: Uint8Array, bitOffset: number, bitSize: number): bigint {
  const { at, size, shift } = span(bitOffset, bitSize);
  return BigInt.asUintN(bitSize, readUnsigned(bytes, at, size) >> BigInt(shift));
}

export function writeBits(bytes: Uint8Array, bitOffset: number, bitSize: number, value: bigint): void {
  const { at, size, shift } = span(bitOffset, bitSize);
  const mask = ((1n << BigInt(bitSize)) - 1n) << BigInt(shift);
  const before = readUnsigned(bytes, at, size);
  writeUnsigned(bytes, at, size, (before & ~mask) | ((value << BigInt(shift)) & mask));
}

function span(bitOffset: number, bitSize: number): { at: number; size: number; shift: number } {
  const at = Math.floor(bitOffset / 8);
  const size = Math.ceil((bitOffset + bitSize) / 8) - at;
  const before = bitOffset - at * 8;
  return { at, size, shift: LITTLE ? before : size * 8 - before - bitSize };
}
