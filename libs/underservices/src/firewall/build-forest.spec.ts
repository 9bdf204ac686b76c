import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import type { PortRange } from '../port-range.js';
import { parsePrefix } from '../prefix.js';
import { buildForest, FIREWALL_MAX_DEPTH, FIREWALL_MAX_LEAF, NO_RULE } from './build-forest.js';
import type { Forest } from './build-forest.js';
import { LEAF } from './decision-tree.js';
import type { ExpandedRule } from './expand-rules.js';
import { FIELDS, rangesOf } from './rule-ranges.js';

const RULE = {
  name: 'r',
  from: 'any',
  to: 'any',
  protocol: 'any',
  ports: undefined,
  sourcePorts: undefined,
  action: 'allow',
  log: 0,
} as const;

/** Few addresses and ports, so that rules overlap in every way there is. */
const rule: fc.Arbitrary<ExpandedRule> = fc
  .record({
    version: fc.constantFrom<4 | 6>(4, 6),
    source: fc.option(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 8 }))),
    destination: fc.option(fc.tuple(fc.integer({ min: 0, max: 255 }), fc.integer({ min: 0, max: 8 }))),
    protocol: fc.constantFrom('any', 'icmp', 'tcp', 'udp'),
    ports: fc.option(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))),
    sourcePorts: fc.option(fc.tuple(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 0, max: 30 }))),
  })
  .map(({ version, source, destination, protocol, ports, sourcePorts }) => {
    const prefix = (end: [number, number] | null) =>
      end === null ? undefined : parsePrefix(textOf(version, end[0], end[1]));
    return {
      rule: {
        ...RULE,
        protocol,
        ports: range(ports),
        sourcePorts: range(sourcePorts),
      } as ExpandedRule['rule'],
      number: 0,
      family: source === null && destination === null ? 0 : version,
      source: prefix(source),
      destination: prefix(destination),
    };
  });

function range(pair: [number, number] | null): PortRange | undefined {
  return pair === null ? undefined : { first: Math.min(...pair), last: Math.max(...pair) };
}

function textOf(version: 4 | 6, host: number, open: number): string {
  const network = (host >> open) << open;
  return version === 4 ? `10.0.0.${network}/${32 - open}` : `fd00:0:${network.toString(16)}::/${48 - open}`;
}

describe('trees of rules', () => {
  it('find for every packet the rule that is found one by one', () => {
    const property = fc.property(
      fc.array(rule, { maxLength: 300, size: 'max' }),
      fc.constantFrom<4 | 6>(4, 6),
      fc.array(fc.tuple(fc.nat(255), fc.nat(255), fc.nat(31), fc.nat(31), fc.constantFrom(1, 6, 17, 50)), {
        minLength: 40,
        maxLength: 40,
      }),
      (rules, family, packets) => {
        const forest = buildForest(rules);
        const ranges = rangesOf(rules, family);
        for (const packet of packets) {
          const fields = fieldsOf(family, packet);
          const place = ranges.indexes.findIndex((_, i) => matches(ranges, i, fields));
          expect(
            search(forest, family, fields, (index) => matches(ranges, ranges.indexes.indexOf(index), fields)),
          ).toBe(place < 0 ? NO_RULE : ranges.indexes[place]);
        }
      },
    );
    fc.assert(property, { numRuns: 150 });
  });

  it('have no more steps and candidates than the plugin walks', () => {
    const rules = fc.sample(fc.array(rule, { minLength: 3000, maxLength: 3000, size: 'max' }), 1)[0] ?? [];
    const forest = buildForest(rules);
    expect(forest.depth).toBeLessThanOrEqual(FIREWALL_MAX_DEPTH);
    expect(forest.leaf).toBeLessThanOrEqual(FIREWALL_MAX_LEAF);
    expect(forest.candidates.length).toBeLessThan(20 * rules.length);
  });

  it('stay flat where rules name one host each: a handful of candidates, and few more steps', () => {
    const shapes = [10, 1000, 10_000].map((count) => {
      const hosts = Array.from({ length: count }, (_, i) => hostRule(i));
      const { depth, leaf, trees } = buildForest(hosts);
      return { depth, leaf, trees };
    });
    expect(shapes.map(({ trees }) => trees)).toEqual([1, 1, 1]);
    for (const { depth, leaf } of shapes) {
      expect(leaf).toBeLessThanOrEqual(4);
      expect(depth).toBeLessThanOrEqual(16);
    }
  });

  it('are not there without rules', () => {
    const { nodes, candidates, ipv4, ipv6, trees } = buildForest([]);
    expect([nodes, candidates, trees]).toEqual([[], [], 0]);
    expect([...ipv4, ...ipv6].every(({ first_rule }) => first_rule === NO_RULE)).toBe(true);
  });
});

function hostRule(i: number): ExpandedRule {
  const source = parsePrefix(`10.${i >> 16}.${(i >> 8) & 255}.${i & 255}`);
  return { rule: RULE, number: i, family: 4, source, destination: parsePrefix('10.60.0.2') };
}

function fieldsOf(
  family: 4 | 6,
  [source, destination, sourcePort, port, protocol]: [number, number, number, number, number],
): number[] {
  const words = (host: number) =>
    family === 4 ? [0, 0, 0xffff, 0x0a000000 + host] : [0xfd000000, host * 65_536, 7, 7];
  return [...words(source), ...words(destination), protocol, sourcePort, port];
}

function matches(
  { low, high }: ReturnType<typeof rangesOf>,
  place: number,
  fields: readonly number[],
): boolean {
  return fields.every((value, field) => {
    const at = place * FIELDS + field;
    return value >= (low[at] ?? 0) && value <= (high[at] ?? 0);
  });
}

/** As `find_rule` of bpf/firewall/firewall_rules.h. */
function search(
  forest: Forest,
  family: 4 | 6,
  fields: readonly number[],
  fits: (index: number) => boolean,
): number {
  let best = NO_RULE;
  for (const { root, first_rule } of family === 4 ? forest.ipv4 : forest.ipv6) {
    if (first_rule >= best) break;
    let node = forest.nodes[root];
    while (node !== undefined && node.field !== LEAF)
      node = forest.nodes[node.child + ((fields[node.field] ?? 0) > node.threshold ? 1 : 0)];
    const { child = 0, threshold = 0 } = node ?? {};
    const found = forest.candidates.slice(child, child + threshold).find((index) => fits(index));
    best = Math.min(best, found ?? NO_RULE);
  }
  return best;
}
