const KNOWN = new WeakMap<readonly string[], ReadonlySet<string>>();

/** The names as a set: a service with thousands of ports asks for it once for each of its underservices. */
export function portNames(ports: readonly string[]): ReadonlySet<string> {
  let names = KNOWN.get(ports);
  if (names === undefined) {
    names = new Set(ports);
    KNOWN.set(ports, names);
  }
  return names;
}
