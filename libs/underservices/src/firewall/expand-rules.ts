import { networkOf, parsePrefix } from '../prefix.js';
import type { Prefix } from '../prefix.js';
import type { FirewallModel, FirewallRule } from './model.js';

/** A rule of one source and one destination; `undefined` stands for any. */
export interface ExpandedRule {
  rule: FirewallRule;
  /** Place of the author's rule among his. */
  number: number;
  family: 4 | 6 | 0;
  source: Prefix | undefined;
  destination: Prefix | undefined;
}

type End = Prefix | undefined;

/**
 * The rules that the kernel chooses from: the name of a port or a group becomes its addresses, and only pairs of one
 * family remain. The order of the author's rules is kept, so the first match is the same. Ends soon beyond `most`.
 */
export function expandRules(
  model: FirewallModel,
  addresses: ReadonlyMap<string, readonly string[]>,
  most: number,
): ExpandedRule[] {
  const expanded: ExpandedRule[] = [];
  const known = new Map<string, End[]>([['any', [undefined]]]);
  const endsOf = (end: string): End[] => {
    let ends = known.get(end);
    if (ends === undefined) {
      // While it is looked for, it is nothing: `checkFirewall` refuses what is in itself.
      known.set(end, []);
      ends = find(end, model.groups, addresses, endsOf);
      known.set(end, ends);
    }
    return ends;
  };
  for (const [number, rule] of model.rules.entries()) {
    for (const source of endsOf(rule.from)) {
      for (const destination of endsOf(rule.to)) {
        const family = source?.family ?? destination?.family;
        if (source !== undefined && destination !== undefined && source.family !== destination.family)
          continue;
        if (expanded.length > most) return expanded;
        expanded.push({
          rule,
          number,
          family: family === undefined ? 0 : family === 'ipv4' ? 4 : 6,
          source,
          destination,
        });
      }
    }
  }
  return expanded;
}

/** A port goes before a group of the same name, which `checkFirewall` refuses. */
function find(
  end: string,
  groups: FirewallModel['groups'],
  addresses: ReadonlyMap<string, readonly string[]>,
  endsOf: (end: string) => End[],
): End[] {
  if (end === 'any') return [undefined];
  const named = addresses.get(end);
  if (named !== undefined) {
    // A port stands for its own addresses, whatever the length of the network they are written with.
    return named.flatMap((address) => {
      const prefix = parsePrefix(address);
      return prefix === undefined ? [] : [{ ...prefix, length: prefix.bytes.length * 8 }];
    });
  }
  const members = groups.get(end);
  if (members !== undefined) return distinct([...new Set(members)].flatMap(endsOf));
  const prefix = parsePrefix(end);
  return prefix === undefined ? [] : [networkOf(prefix)];
}

/** The same address once: members of a group may be in one another. */
function distinct(ends: End[]): End[] {
  const seen = new Map(
    ends.map((end) => [end === undefined ? '' : `${end.bytes.join('.')}/${end.length}`, end]),
  );
  return [...seen.values()];
}
