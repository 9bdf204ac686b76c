/** A type of BTF, parsed. Numbers that refer to types are ids; 0 is void. */
export type BtfType =
  | { kind: 'void' }
  | { kind: 'int'; name: string; size: number; signed: boolean; char: boolean; bool: boolean }
  | { kind: 'float'; name: string; size: number }
  | { kind: 'ptr'; type: number }
  | { kind: 'array'; element: number; count: number }
  | { kind: 'struct' | 'union'; name: string; size: number; members: BtfMember[] }
  | { kind: 'enum'; name: string; size: number; signed: boolean; values: { name: string; value: bigint }[] }
  | { kind: 'fwd' | 'func' | 'func_proto' | 'decl_tag'; name: string }
  | { kind: 'typedef' | 'volatile' | 'const' | 'restrict' | 'type_tag' | 'var'; name: string; type: number }
  | { kind: 'datasec'; name: string; size: number; vars: { type: number; offset: number; size: number }[] };

export interface BtfMember {
  /** Empty for an anonymous struct or union, whose fields belong to the one around it. */
  name: string;
  type: number;
  bitOffset: number;
  /** 0 for an ordinary member. */
  bitSize: number;
}

/** What a value of a BTF type is in JavaScript. */
export type BtfValue =
  number | bigint | boolean | string | Uint8Array | BtfValue[] | { [field: string]: BtfValue };
