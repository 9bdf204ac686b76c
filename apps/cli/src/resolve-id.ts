import { UnderwareError } from '@underware/core';

/** The command that lists what can be meant, by kind. */
const LISTED_BY = {
  host: 'underware hosts',
  operation: 'underware operations',
  plugin: 'underware plugins',
  'service instance': 'underware instances',
};

/** The one thing that a person means by a full id, a unique name or a unique beginning of an id. */
export function resolve<T extends { id: string }>(
  kind: keyof typeof LISTED_BY,
  things: readonly T[],
  given: string,
  nameOf: (thing: T) => string | undefined,
): T {
  const exact = things.find(({ id }) => id === given);
  if (exact) return exact;
  const named = things.filter((thing) => nameOf(thing) === given);
  const matching = named.length > 0 ? named : things.filter(({ id }) => id.startsWith(given));
  const [only, second] = matching;
  if (only !== undefined && second === undefined) return only;
  throw new UnderwareError({
    code: matching.length === 0 ? 'NOT_FOUND' : 'INPUT_INVALID',
    attempted: `find ${kind}`,
    on: given,
    why:
      matching.length === 0
        ? `no ${kind} has this name, or an id that begins so`
        : `it means ${matching.length} of them: ${matching.map((thing) => `${thing.id} (${nameOf(thing) ?? ''})`).join(', ')}`,
    remedy: matching.length === 0 ? `See ${LISTED_BY[kind]}` : 'Give more of the id',
  });
}
