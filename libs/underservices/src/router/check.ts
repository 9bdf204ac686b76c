import { formatPrefix, networkOf, parsePrefix } from '../prefix.js';
import type { ModelFinding } from '../underservice-kind.js';

/** What no type and no reference says: two routes to one network, and next hops that packets to it cannot go to. */
export function checkRouter(model: Record<string, unknown>): ModelFinding[] {
  const routes = Array.isArray(model['routes']) ? (model['routes'] as unknown[]) : [];
  const seen = new Set<string>();
  return routes.flatMap((route, i): ModelFinding[] => {
    const { prefix: text, next_hops: hops } = (route ?? {}) as { prefix?: unknown; next_hops?: unknown };
    const prefix = typeof text === 'string' ? parsePrefix(text) : undefined;
    if (prefix === undefined) return [];
    const network = formatPrefix(networkOf(prefix));
    const findings: ModelFinding[] = [];
    if (seen.has(network))
      findings.push({
        code: 'NAME_DUPLICATE',
        severity: 'error',
        path: ['routes', i, 'prefix'],
        at: 'value',
        message: `There is a route to ${network} already`,
      });
    seen.add(network);
    for (const [j, hop] of (Array.isArray(hops) ? (hops as unknown[]) : []).entries()) {
      const address = typeof hop === 'string' ? parsePrefix(hop) : undefined;
      if (address === undefined || address.family === prefix.family) continue;
      findings.push({
        code: 'RULE_INVALID',
        severity: 'error',
        path: ['routes', i, 'next_hops', j],
        at: 'value',
        message: `A next hop of ${network} is of the other family`,
        expected: `an ${prefix.family === 'ipv4' ? 'IPv4' : 'IPv6'} address or the name of a port`,
      });
    }
    return findings;
  });
}
