/** Has keys: a Map or a Set. */
interface Keyed {
  has(name: string): boolean;
  keys(): Iterable<string>;
}

/**
 * A map whose values are made when they are first asked for: a big template has many more defaults than anyone reads.
 * Its keys are those of some other maps, each once.
 */
export class LazyMap<T> implements ReadonlyMap<string, T> {
  private made: Map<string, T> | undefined;

  constructor(
    private readonly sources: readonly Keyed[],
    private readonly make: (name: string) => T | undefined,
  ) {}

  get size(): number {
    return [...this.keys()].length;
  }

  has(name: string): boolean {
    return this.sources.some((source) => source.has(name));
  }

  get(name: string): T | undefined {
    const known = this.made?.get(name);
    if (known !== undefined || !this.has(name)) return known;
    const value = this.make(name);
    if (value === undefined) return undefined;
    this.made ??= new Map();
    this.made.set(name, value);
    return value;
  }

  *keys(): MapIterator<string> {
    for (const [index, source] of this.sources.entries()) {
      for (const name of source.keys()) {
        if (!this.sources.some((earlier, i) => i < index && earlier.has(name))) yield name;
      }
    }
  }

  *values(): MapIterator<T> {
    for (const [, value] of this.entries()) yield value;
  }

  *entries(): MapIterator<[string, T]> {
    for (const name of this.keys()) {
      const value = this.get(name);
      if (value !== undefined) yield [name, value];
    }
  }

  [Symbol.iterator](): MapIterator<[string, T]> {
    return this.entries();
  }

  forEach(visit: (value: T, name: string, map: ReadonlyMap<string, T>) => void): void {
    for (const [name, value] of this.entries()) visit(value, name, this);
  }
}

/** Shared by all that have nothing. */
export const NOTHING: ReadonlyMap<string, never> = new Map<string, never>();
