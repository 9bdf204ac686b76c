import { malformedObject } from './package-error.js';

/** No name in an object is longer; bounds the work a hostile string table can cause. */
const LONGEST_STRING = 4096;

/** Little-endian reads that end in PACKAGE_MALFORMED, never beyond the bytes. `what` names them in the error. */
export class ByteView {
  readonly length: number;
  private readonly view: DataView;

  constructor(
    private readonly bytes: Uint8Array,
    private readonly what: string,
  ) {
    this.length = bytes.byteLength;
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  u8(offset: number): number {
    return this.view.getUint8(this.check(offset, 1));
  }

  u16(offset: number): number {
    return this.view.getUint16(this.check(offset, 2), true);
  }

  u32(offset: number): number {
    return this.view.getUint32(this.check(offset, 4), true);
  }

  i32(offset: number): number {
    return this.view.getInt32(this.check(offset, 4), true);
  }

  /** A 64-bit offset or size: more than the bytes can hold is malformed, so a number is exact. */
  size(offset: number): number {
    const value = this.view.getBigUint64(this.check(offset, 8), true);
    if (value > 0xffff_ffffn)
      throw malformedObject(`${this.what}: size ${value} at offset ${offset} is out of bounds`);
    return Number(value);
  }

  slice(offset: number, length: number, what: string): ByteView {
    this.check(offset, length);
    return new ByteView(this.bytes.subarray(offset, offset + length), what);
  }

  string(offset: number): string {
    this.check(offset, 1);
    const end = this.bytes.subarray(offset, offset + LONGEST_STRING).indexOf(0);
    if (end < 0) throw malformedObject(`${this.what}: the string at offset ${offset} has no end`);
    return Buffer.from(this.bytes.buffer, this.bytes.byteOffset + offset, end).toString('latin1');
  }

  private check(offset: number, length: number): number {
    if (offset < 0 || length < 0 || offset + length > this.length)
      throw malformedObject(
        `${this.what} is cut short: ${length} bytes wanted at offset ${offset} of ${this.length}`,
      );
    return offset;
  }
}
