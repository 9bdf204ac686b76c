/**
 * An object some of whose fields are worked out when they are first read. Types name each other in circles (a node type
 * has a capability that lists the node type); only their derivation has none, so each is made at once and filled on use.
 */
export function withLazy<Eager extends object, Lazy extends object>(
  eager: Eager,
  lazy: { [Key in keyof Lazy]: () => Lazy[Key] },
): Eager & Lazy {
  for (const [key, compute] of Object.entries<() => unknown>(lazy)) {
    Object.defineProperty(eager, key, {
      enumerable: true,
      configurable: true,
      get: () => {
        const value = compute();
        Object.defineProperty(eager, key, { enumerable: true, value });
        return value;
      },
    });
  }
  // The loop above has given it what is missing.
  return eager as Eager & Lazy;
}
