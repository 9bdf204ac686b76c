import type { Layout } from './placed-service.js';

/**
 * The addresses that an underservice's model can mean, by port: of the ports that it names anywhere, and of those on the
 * links that it is bound to. All of a large service's would be handed around for every one of its instances.
 */
export function addressesFor(
  layout: Layout,
): (underservice: string) => ReadonlyMap<string, readonly string[]> {
  const known = new Map<string, ReadonlyMap<string, readonly string[]>>();
  return (underservice) => {
    let addresses = known.get(underservice);
    if (addresses === undefined) known.set(underservice, (addresses = find(layout, underservice)));
    return addresses;
  };
}

function find({ index, addressesOf }: Layout, name: string): ReadonlyMap<string, readonly string[]> {
  const underservice = index.underservices.get(name);
  if (underservice === undefined) return new Map();
  const links = new Set(
    underservice.bindings.flatMap(({ port }) => {
      const link = index.ports.get(port)?.link;
      return link === undefined ? [] : [link];
    }),
  );
  const ports = new Set(
    [...links].flatMap((link) => index.portsOfLink.get(link) ?? []).map((port) => port.name),
  );
  for (const text of textsOf(underservice.model)) if (index.ports.has(text)) ports.add(text);
  return new Map([...ports].sort().map((port) => [port, addressesOf(port)]));
}

function textsOf(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, entry]) => [key, ...textsOf(entry)]);
}
