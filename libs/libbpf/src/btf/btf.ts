import { decodeValue } from './decode.js';
import { encodeValue } from './encode.js';
import { BtfError } from './error.js';
import type { BtfValue } from './kinds.js';
import { parseBtf } from './parse.js';
import { TypeTable } from './type-table.js';

/** Type information of an object, a map or a program: encodes values to the bytes of a C type by field name and back. */
export class Btf extends TypeTable {
  static parse(bytes: Uint8Array): Btf {
    return new Btf(parseBtf(bytes));
  }

  /** Encodes a value; fields that are left out are zero, unknown ones are refused with the nearest valid names. */
  encode(id: number, value: BtfValue, path = this.nameOf(id)): Uint8Array {
    const bytes = new Uint8Array(this.sizeOf(id));
    encodeValue(this, id, value, bytes, path);
    return bytes;
  }

  decode(id: number, bytes: Uint8Array): BtfValue {
    const size = this.sizeOf(id);
    if (bytes.byteLength < size)
      throw new BtfError(this.nameOf(id), `${size} bytes expected, got ${bytes.byteLength}`);
    return decodeValue(this, id, bytes);
  }
}
