/** What a lazy map has already: a map, or what looks like one. */
interface Known<T> {
  get(name: string): T | undefined;
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/** Has keys: a Map or a Set. */
interface Keyed {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/**
 * A map of which some values are known, and the others are made when they are first asked for: a big template has many
 * more defaults than anyone reads.
 */
export class LazyMap<T> implements ReadonlyMap<string, T> {
  private made: Map<string, T> | undefined;
  /** All of them, in order, once they have been gone through. */
  private all: ReadonlyMap<string, T> | undefined;

  constructor(
    private readonly known: Known<T>,
    /** The names of the others; those that are known are passed by. */
    private readonly others: Keyed,
    private readonly make: (name: string) => T | undefined,
  ) {}

  get size(): number {
    return this.names().size;
  }

  has(name: string): boolean {
    return this.known.has(name) || this.others.has(name);
  }

  get(name: string): T | undefined {
    if (this.all !== undefined) return this.all.get(name);
    const there = this.known.get(name) ?? this.made?.get(name);
    if (there !== undefined || !this.others.has(name)) return there;
    const value = this.make(name);
    if (value === undefined) return undefined;
    this.made ??= new Map();
    this.made.set(name, value);
    return value;
  }

  keys(): MapIterator<string> {
    return this.names().values();
  }

  values(): MapIterator<T> {
    return this.whole().values();
  }

  entries(): MapIterator<[string, T]> {
    return this.whole().entries();
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.whole().entries();
  }

  forEach(visit: (value: T, name: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [name, value] of this.whole()) visit(value, name, this);
  }

  private names(): Set<string> {
    return new Set([...this.known.keys(), ...this.others.keys()]);
  }

  private whole(): ReadonlyMap<string, T> {
    if (this.all !== undefined) return this.all;
    const all = new Map<string, T>();
    const add = (name: string, value: T | undefined): void => {
      if (value !== undefined) all.set(name, value);
    };
    for (const name of this.known.keys()) add(name, this.known.get(name));
    for (const name of this.others.keys()) {
      if (!this.known.has(name)) add(name, this.made?.get(name) ?? this.make(name));
    }
    this.all = all;
    this.made = undefined;
    return all;
  }
}

/** Shared by all that have nothing. */
export const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();
