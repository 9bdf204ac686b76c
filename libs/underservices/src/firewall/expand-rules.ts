import { networkOf, parsePrefix } from '../prefix.js';
import type { Prefix } from '../prefix.js';
import type { FirewallModel, FirewallRule } from './model.js';

/** A rule of one source and one destination; `undefined` stands for any. */
export interface ExpandedRule {
  rule: FirewallRule;
  family: 4 | 6 | 0;
  source: Prefix | undefined;
  destination: Prefix | undefined;
}

/**
 * The rules that the kernel walks: a port's name becomes its addresses, and only pairs of one family remain. The order
 * of the author's rules is kept, so the first match is the same.
 */
export function expandRules(
  model: FirewallModel,
  addresses: ReadonlyMap<string, readonly string[]>,
): ExpandedRule[] {
  const expanded: ExpandedRule[] = [];
  for (const rule of model.rules) {
    for (const source of endsOf(rule.from, addresses)) {
      for (const destination of endsOf(rule.to, addresses)) {
        const family = source?.family ?? destination?.family;
        if (source !== undefined && destination !== undefined && source.family !== destination.family)
          continue;
        expanded.push({
          rule,
          family: family === undefined ? 0 : family === 'ipv4' ? 4 : 6,
          source,
          destination,
        });
      }
    }
  }
  return expanded;
}

function endsOf(end: string, addresses: ReadonlyMap<string, readonly string[]>): (Prefix | undefined)[] {
  if (end === 'any') return [undefined];
  const named = addresses.get(end);
  if (named === undefined) {
    const prefix = parsePrefix(end);
    return prefix === undefined ? [] : [networkOf(prefix)];
  }
  // A port stands for its own addresses, whatever the length of the network they are written with.
  return named.flatMap((address) => {
    const prefix = parsePrefix(address);
    return prefix === undefined ? [] : [{ ...prefix, length: prefix.bytes.length * 8 }];
  });
}
