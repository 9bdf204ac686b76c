import { UnderwareError } from '@underware/core';
import type { InstanceConfig } from '@underware/core';
import { labelByIndex, withZeros } from '../label-rows.js';
import type { Binding, LabelledRow, TelemetryRow } from '../underservice-kind.js';
import { buildForest } from './build-forest.js';
import { expandRules } from './expand-rules.js';
import type { ExpandedRule } from './expand-rules.js';
import { describeRule } from './describe-rule.js';
import { readFirewall } from './model.js';
import type { FirewallModel } from './model.js';
import { stableIds } from '../stable-ids.js';
import { ANY_PORT, PROTOCOLS, wordsOf } from './rule-ranges.js';

/** Numbers of `bpf/firewall/firewall.h`; a test reads the header and holds them together. */
export const FIREWALL_ACTIONS = { allow: 0, deny: 1 } as const;
export const FIREWALL_COUNTERS = [
  'default',
  'link',
  'malformed',
  'later_fragment',
  'known',
  'related',
  'invalid',
  'opened',
  'unreported',
] as const;
export const FIREWALL_STATES = [
  'unreplied',
  'replied',
  'stream',
  'syn_sent',
  'syn_received',
  'established',
  'fin_wait',
  'close_wait',
  'last_ack',
  'time_wait',
  'closed',
  'picked_up',
] as const;
/** Pairs of prefixes that all rules of an instance may become. */
export const FIREWALL_MAX_RULES = 65_536;

/** Seconds; those of open connections are the author's. */
const TIMEOUTS = {
  unreplied: 30,
  replied: 30,
  syn_sent: 120,
  syn_received: 60,
  fin_wait: 120,
  close_wait: 120,
  last_ack: 30,
  time_wait: 120,
  closed: 10,
  picked_up: 120,
} as const;
/** What is pending makes room for itself: a quarter of the table is many more than are under way at once. */
const PENDING_SHARE = 4;

/** `rodata` and maps of the firewall plugin, by the names of its BTF. */
export function compileFirewall(model: Record<string, unknown>, binding: Binding): InstanceConfig {
  const firewall = readFirewall(model);
  const rules = expandRules(firewall, binding.addresses, FIREWALL_MAX_RULES);
  if (rules.length > FIREWALL_MAX_RULES) {
    throw new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: 'compile the rules of a firewall',
      on: `${binding.port} ${binding.direction}`,
      why: `its ${firewall.rules.length} rules become more than the ${FIREWALL_MAX_RULES} that the plugin holds, for the addresses they name`,
      remedy: 'Use prefixes instead of names of ports and groups, or fewer rules.',
    });
  }
  const { nodes, candidates, ...forest } = buildForest(rules);
  const ids = stableIds(firewall.rules.map(({ name }) => name));
  return {
    rodata: {
      firewall_config: {
        default_action: FIREWALL_ACTIONS[firewall.default],
        loose: firewall.strict ? 0 : 1,
        trees: forest.trees,
        depth: forest.depth,
        timeouts: timeoutsOf(firewall),
        ipv4: forest.ipv4.map((tree) => ({ ...tree })),
        ipv6: forest.ipv6.map((tree) => ({ ...tree })),
      },
    },
    maps: {
      rules: rules.map((rule, key) => ({ key, value: encodeRule(rule, ids.get(rule.rule.name) ?? 0) })),
      nodes: nodes.map((node, key) => ({ key, value: { ...node } })),
      candidates: candidates.map((value, key) => ({ key, value })),
    },
    mapSizes: {
      rules: Math.max(1, rules.length),
      nodes: Math.max(1, nodes.length),
      candidates: Math.max(1, candidates.length),
      rule_counters: Math.max(1, firewall.rules.length),
      connections: firewall.connections,
      pending: Math.ceil(firewall.connections / PENDING_SHARE),
    },
  };
}

/** Rows by the name of the author's rule. */
export function labelFirewall(
  model: Record<string, unknown>,
  map: string,
  rows: TelemetryRow[],
): LabelledRow[] {
  if (map !== 'counters' && map !== 'rule_counters') return rows;
  const { default: otherwise, rules } = readFirewall(model);
  if (map === 'counters') {
    const labelled = labelByIndex(withZeros(rows, FIREWALL_COUNTERS.length), FIREWALL_COUNTERS);
    const about = `${otherwise}: no rule matched`;
    return labelled.map((row) => (row.label === 'default' ? { ...row, about } : row));
  }
  const names = rules.map(({ name }) => name);
  return labelByIndex(withZeros(rows, names.length), names).map((row) => {
    const rule = rules[Number(row.key)];
    return rule ? { ...row, about: describeRule(rule) } : row;
  });
}

function timeoutsOf({ tcpTimeout, udpTimeout }: FirewallModel): number[] {
  const timeouts = { ...TIMEOUTS, established: Math.ceil(tcpTimeout), stream: Math.ceil(udpTimeout) };
  return FIREWALL_STATES.map((state) => timeouts[state]);
}

function encodeRule({ rule, number, family, source, destination }: ExpandedRule, id: number) {
  const sourcePorts = rule.sourcePorts ?? ANY_PORT;
  const ports = rule.ports ?? ANY_PORT;
  return {
    source: encodePrefix(wordsOf(source, 0)),
    destination: encodePrefix(wordsOf(destination, 0)),
    source_port_first: sourcePorts.first,
    source_port_last: sourcePorts.last,
    destination_port_first: ports.first,
    destination_port_last: ports.last,
    id,
    number,
    log: rule.log,
    family,
    protocol: PROTOCOLS[rule.protocol],
    action: FIREWALL_ACTIONS[rule.action],
    reserved: 0,
  };
}

function encodePrefix({ address, mask }: ReturnType<typeof wordsOf>) {
  return { address: [...address], mask: [...mask] };
}
