import { BtfError } from './error.js';
import type { BtfType } from './kinds.js';

type Resolved = Exclude<
  BtfType,
  { kind: 'typedef' | 'volatile' | 'const' | 'restrict' | 'type_tag' | 'var' }
>;

/** The types of one BTF by id. */
export class TypeTable {
  readonly #types: BtfType[];

  constructor(types: BtfType[]) {
    this.#types = types;
  }

  get types(): readonly BtfType[] {
    return this.#types;
  }

  type(id: number): BtfType {
    const type = this.#types[id];
    if (!type) throw new RangeError(`BTF has no type ${id}`);
    return type;
  }

  /** The id of a named type (`struct`, `union`, `enum`, `typedef`, `datasec`, …), or undefined. */
  find(name: string, kind?: BtfType['kind']): number | undefined {
    const id = this.#types.findIndex(
      (type) => 'name' in type && type.name === name && (kind === undefined || type.kind === kind),
    );
    return id < 0 ? undefined : id;
  }

  /** Looks through typedefs, qualifiers and variables. */
  resolve(id: number): Resolved {
    for (let type = this.type(id), depth = 0; ; depth++) {
      switch (type.kind) {
        case 'typedef':
        case 'volatile':
        case 'const':
        case 'restrict':
        case 'type_tag':
        case 'var':
          // Malformed BTF may refer in a circle.
          if (depth > 64) throw new RangeError(`BTF type ${id} refers to itself`);
          type = this.type(type.type);
          break;
        default:
          return type;
      }
    }
  }

  sizeOf(id: number): number {
    const type = this.resolve(id);
    switch (type.kind) {
      case 'ptr':
        return 8;
      case 'array':
        return type.count * this.sizeOf(type.element);
      case 'int':
      case 'float':
      case 'struct':
      case 'union':
      case 'enum':
      case 'datasec':
        return type.size;
      default:
        throw new BtfError(this.nameOf(id), `a ${type.kind} has no size`);
    }
  }

  /** A name for messages. */
  nameOf(id: number): string {
    const type = this.type(id);
    return 'name' in type && type.name !== '' ? type.name : type.kind;
  }
}
