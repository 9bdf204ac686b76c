import type { NodeType, Place } from '@underware/tosca';

export const UNDERSERVICE = 'underware.nodes.Underservice';

/** Of a type right below Underservice that is not the profile's: it says so itself. */
const KIND_KEY = 'underware.kind';

/** What kind of underservice a type is, or why that is not told; `place` is undefined where the type is Underservice itself. */
export type Kind = { kind: string } | { place: Place | undefined; why: string; expected: string };

/**
 * The profile's type right below Underservice names the kind: `underware.nodes.LoadBalancer`, or what is derived from it,
 * is `load-balancer`. What reads models relies on the properties of that type, so no other type has that kind, whatever
 * its name: another one has properties of its own, and the kind that its metadata name.
 */
export function kindOf(type: NodeType | undefined): Kind {
  let below: NodeType | undefined;
  let at = type;
  for (; at !== undefined && at.name !== UNDERSERVICE; at = at.parent) below = at;
  if (below === undefined || at === undefined) {
    const expected = `a type derived from ${UNDERSERVICE}`;
    return { place: undefined, why: 'is an underservice of which nothing says the kind', expected };
  }
  if (below.scope === at.scope) return { kind: kebab(below.name.split('.').pop() ?? '') };
  return ownKind(below, at);
}

function ownKind(type: NodeType, underservice: NodeType): Kind {
  const name = type.name.slice(0, 80);
  const metadata = type.node.entries.get('metadata')?.node;
  const written = metadata?.kind === 'map' ? metadata.entries.get(KIND_KEY)?.node : undefined;
  if (written === undefined) {
    return {
      place: type.place,
      why: `${name} is an underservice of which nothing says the kind`,
      expected: `derived_from: a type below ${UNDERSERVICE}; or metadata with ${KIND_KEY}`,
    };
  }
  const kind = written.kind === 'scalar' && typeof written.value === 'string' ? written.value : '';
  if (!/^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(kind) || kind.length > 63) {
    return {
      place: written.place,
      why: `The kind of ${name} is no name of one`,
      expected: 'small letters and digits, with - between words',
    };
  }
  const own = ofKind(kind, underservice);
  if (own === undefined) return { kind };
  return {
    place: written.place,
    why: `${name} is no ${kind}: its properties are not those of ${own}`,
    expected: `derived_from: ${own}`,
  };
}

/** The profile's type of a kind. */
function ofKind(kind: string, { scope }: NodeType): string | undefined {
  for (const name of scope.names('node')) {
    const type = scope.find('node', name);
    if (type?.parent?.name === UNDERSERVICE && kebab(type.name.split('.').pop() ?? '') === kind)
      return type.name;
  }
  return undefined;
}

function kebab(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter, at) => `${at === 0 ? '' : '-'}${letter.toLowerCase()}`);
}
