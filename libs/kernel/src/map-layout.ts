import { createHash } from 'node:crypto';
import type { Btf, BtfMember, BtfType } from '@underware/libbpf';

/** How the bytes of a key or a value are laid out, in what matters for reading them: names of types do not. */
export type Layout =
  | { kind: 'scalar'; text: string; size: number }
  | { kind: 'array'; of: Layout; count: number; size: number }
  | { kind: 'struct' | 'union'; fields: Field[]; size: number };

export interface Field {
  name: string;
  bitOffset: number;
  /** 0 for an ordinary member. */
  bitSize: number;
  layout: Layout;
}

/** A map in what its content depends on. How many entries it has room for does not belong to it. */
export interface MapLayout {
  type: string;
  flags: number;
  key: Layout;
  value: Layout;
}

interface TypedMap {
  type: string;
  flags: number;
  keySize: number;
  valueSize: number;
  btfKeyTypeId: number;
  btfValueTypeId: number;
}

/** The layout of a map of an object, or of one in the kernel with the types that the kernel keeps for it. */
export function layoutOf(map: TypedMap, btf: Btf | undefined): MapLayout {
  const part = (id: number, size: number): Layout =>
    btf && id !== 0 ? layoutOfType(btf, id) : { kind: 'scalar', text: `${size} bytes`, size };
  return {
    type: map.type,
    flags: map.flags,
    key: part(map.btfKeyTypeId, map.keySize),
    value: part(map.btfValueTypeId, map.valueSize),
  };
}

/** 8 hex digits that two maps have in common exactly where one can stand for the other. */
export function fingerprint(layout: MapLayout): string {
  return createHash('sha256').update(JSON.stringify(layout)).digest('hex').slice(0, 8);
}

/** For people: `u32`, `u8[16]`, `struct of 24 bytes`. */
export function textOf(layout: Layout): string {
  if (layout.kind === 'scalar') return layout.text;
  if (layout.kind === 'array') return `${textOf(layout.of)}[${layout.count}]`;
  return `${layout.kind} of ${layout.size} bytes`;
}

function layoutOfType(btf: Btf, id: number): Layout {
  const type = btf.resolve(id);
  const size = btf.sizeOf(id);
  switch (type.kind) {
    case 'array':
      return { kind: 'array', of: layoutOfType(btf, type.element), count: type.count, size };
    case 'struct':
      return { kind: 'struct', fields: fieldsOf(btf, type.members), size };
    case 'union':
      return { kind: 'union', fields: fieldsOf(btf, type.members), size };
    default:
      return { kind: 'scalar', text: scalarText(type, size), size };
  }
}

function fieldsOf(btf: Btf, members: BtfMember[], base = 0): Field[] {
  return members.flatMap((member): Field[] => {
    const { name, type, bitSize } = member;
    const bitOffset = base + member.bitOffset;
    if (name !== '') return [{ name, bitOffset, bitSize, layout: layoutOfType(btf, type) }];
    // An unnamed bit field is padding; an anonymous struct's fields are those of the struct around it.
    const inner = btf.resolve(type);
    if (inner.kind === 'struct') return fieldsOf(btf, inner.members, bitOffset);
    if (inner.kind !== 'union') return [];
    const layout = layoutOfType(btf, type);
    return [{ name: `union of ${inner.members[0]?.name ?? 'nothing'}`, bitOffset, bitSize: 0, layout }];
  });
}

/** The numbers of an enum keep their meaning or not as its author likes: only its size is looked at. */
function scalarText(type: BtfType, size: number): string {
  switch (type.kind) {
    case 'int':
      if (type.bool) return 'bool';
      if (type.char) return 'char';
      return `${type.signed ? 'i' : 'u'}${size * 8}`;
    case 'enum':
      return `enum of ${size} bytes`;
    case 'float':
      return `f${size * 8}`;
    default:
      return type.kind;
  }
}
