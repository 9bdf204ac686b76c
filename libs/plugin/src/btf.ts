import type { ByteView } from './byte-view.js';
import { malformedObject } from './package-error.js';

const BTF_MAGIC = 0xeb9f;
/** typedef, volatile, const, restrict, type tag: they name or qualify another type. */
const TRANSPARENT = new Set([8, 9, 10, 11, 18]);
const LONGEST_TYPE_PATH = 64;

export const BtfKind = {
  int: 1,
  pointer: 2,
  array: 3,
  struct: 4,
  union: 5,
  enum: 6,
  variable: 14,
  section: 15,
  enum64: 19,
} as const;

export interface BtfMember {
  name: string;
  type: number;
}

export interface BtfType {
  kind: number;
  name: string;
  /** What it points to, is made of, or its size: the third word of the type. */
  type: number;
  /** Members of structs and unions, values of enums, variables of sections (nameless). */
  members: BtfMember[];
  /** Array: element type and count. */
  element: number;
  count: number;
}

/** The types of a .BTF section, read once. */
export class Btf {
  private constructor(
    private readonly strings: ByteView,
    private readonly types: BtfType[],
  ) {}

  static read(data: ByteView): Btf {
    if (data.u16(0) !== BTF_MAGIC) throw malformedObject('.BTF has the wrong magic');
    const headerBytes = data.u32(4);
    const strings = data.slice(headerBytes + data.u32(16), data.u32(20), 'the strings of .BTF');
    const btf = new Btf(strings, [{ kind: 0, name: 'void', type: 0, members: [], element: 0, count: 0 }]);
    btf.readTypes(data.slice(headerBytes + data.u32(8), data.u32(12), 'the types of .BTF'));
    return btf;
  }

  string(offset: number): string {
    return this.strings.string(offset);
  }

  type(id: number): BtfType {
    const type = this.types[id];
    if (!type) throw malformedObject(`.BTF has no type ${id}`);
    return type;
  }

  /** The type behind typedefs and qualifiers. */
  resolve(id: number): BtfType {
    let type = this.type(id);
    for (let hops = 0; TRANSPARENT.has(type.kind); hops += 1) {
      if (hops > LONGEST_TYPE_PATH) throw malformedObject(`.BTF type ${id} refers to itself`);
      type = this.type(type.type);
    }
    return type;
  }

  find(kind: number, name: string): BtfType | undefined {
    return this.types.find((type) => type.kind === kind && type.name === name);
  }

  private readTypes(data: ByteView): void {
    for (let at = 0; at < data.length;) {
      const info = data.u32(at + 4);
      const kind = (info >>> 24) & 0x1f;
      const vlen = info & 0xffff;
      const type: BtfType = {
        kind,
        name: this.string(data.u32(at)),
        type: data.u32(at + 8),
        members: [],
        element: 0,
        count: 0,
      };
      at += 12;
      const extra = extraBytes(kind, vlen);
      const body = data.slice(at, extra, 'a type of .BTF');
      if (kind === BtfKind.array) {
        type.element = body.u32(0);
        type.count = body.u32(8);
      } else if (kind === BtfKind.struct || kind === BtfKind.union || kind === BtfKind.enum64) {
        for (let i = 0; i < vlen; i += 1)
          type.members.push({ name: this.string(body.u32(i * 12)), type: body.u32(i * 12 + 4) });
      } else if (kind === BtfKind.enum) {
        for (let i = 0; i < vlen; i += 1) type.members.push({ name: this.string(body.u32(i * 8)), type: 0 });
      } else if (kind === BtfKind.section) {
        for (let i = 0; i < vlen; i += 1) type.members.push({ name: '', type: body.u32(i * 12) });
      }
      at += extra;
      this.types.push(type);
    }
  }
}

/** Bytes after the common part of a type, by kind; the numbers are those of linux/btf.h. */
function extraBytes(kind: number, vlen: number): number {
  switch (kind) {
    case 1:
    case 14:
    case 17:
      return 4;
    case 2:
    case 7:
    case 8:
    case 9:
    case 10:
    case 11:
    case 12:
    case 16:
    case 18:
      return 0;
    case 3:
      return 12;
    case 4:
    case 5:
    case 15:
    case 19:
      return 12 * vlen;
    case 6:
    case 13:
      return 8 * vlen;
    default:
      throw malformedObject(`.BTF has a type of unknown kind ${kind}`);
  }
}
