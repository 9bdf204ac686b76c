import type { Lookup } from '../values/scope.js';

/** Things by name that are made when first asked for. */
export class LazyLookup<T> implements Lookup<T> {
  private readonly made = new Map<string, T | undefined>();

  constructor(
    private readonly names: () => Iterable<string>,
    private readonly make: (name: string) => T | undefined,
  ) {}

  get(name: string): T | undefined {
    if (!this.made.has(name)) this.made.set(name, this.make(name));
    return this.made.get(name);
  }

  keys(): Iterable<string> {
    return this.names();
  }
}
