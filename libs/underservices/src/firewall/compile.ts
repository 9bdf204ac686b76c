import { UnderwareError } from '@underware/core';
import type { BtfValue, InstanceConfig } from '@underware/core';
import type { PortRange } from '../port-range.js';
import type { Prefix } from '../prefix.js';
import type { Binding, LabelledRow, TelemetryRow } from '../underservice-kind.js';
import { labelByIndex, sumByLabel, withZeros } from '../label-rows.js';
import { expandRules } from './expand-rules.js';
import type { ExpandedRule } from './expand-rules.js';
import { readFirewall } from './model.js';

/** Numbers of `bpf/firewall/firewall.h`; a test reads the header and holds them together. */
export const FIREWALL_MAX_RULES = 256;
export const FIREWALL_ACTIONS = { allow: 0, deny: 1 } as const;
export const FIREWALL_COUNTERS = ['default', 'link', 'malformed', 'later_fragment'] as const;

const PROTOCOLS = { any: 0, icmp: 1, tcp: 6, udp: 17 } as const;
const ANY_PORT: PortRange = { first: 0, last: 65535 };

/** `rodata` and maps of the firewall plugin, by the names of its BTF. */
export function compileFirewall(model: Record<string, unknown>, binding: Binding): InstanceConfig {
  const firewall = readFirewall(model);
  const rules = expandRules(firewall, binding.addresses);
  if (rules.length > FIREWALL_MAX_RULES) {
    throw new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: 'compile the rules of a firewall',
      on: `${binding.port} ${binding.direction}`,
      why: `its ${firewall.rules.length} rules become ${rules.length} for the addresses they name, the plugin holds ${FIREWALL_MAX_RULES}`,
      remedy: 'Use prefixes instead of port names, or fewer rules.',
    });
  }
  return {
    rodata: {
      firewall_config: { rule_count: rules.length, default_action: FIREWALL_ACTIONS[firewall.default] },
    },
    maps: { rules: rules.map((rule, i) => ({ key: i, value: encodeRule(rule) })) },
    mapSizes: {},
  };
}

/** Rows of one author's rule are summed under its name; rows past the last rule are empty slots and left out. */
export function labelFirewall(
  model: Record<string, unknown>,
  map: string,
  rows: TelemetryRow[],
  addresses: ReadonlyMap<string, readonly string[]>,
): LabelledRow[] {
  if (map === 'counters') return labelByIndex(withZeros(rows, FIREWALL_COUNTERS.length), FIREWALL_COUNTERS);
  if (map !== 'rule_counters') return rows;
  const names = expandRules(readFirewall(model), addresses).map(({ rule }) => rule.name);
  return sumByLabel(labelByIndex(withZeros(rows, names.length), names));
}

function encodeRule({ rule, family, source, destination }: ExpandedRule): BtfValue {
  const sourcePorts = rule.sourcePorts ?? ANY_PORT;
  const ports = rule.ports ?? ANY_PORT;
  return {
    source: encodePrefix(source),
    destination: encodePrefix(destination),
    source_port_first: sourcePorts.first,
    source_port_last: sourcePorts.last,
    destination_port_first: ports.first,
    destination_port_last: ports.last,
    family,
    protocol: PROTOCOLS[rule.protocol],
    action: FIREWALL_ACTIONS[rule.action],
    reserved: [0, 0, 0, 0, 0],
  };
}

function zeros(): number[] {
  return Array.from({ length: 16 }, () => 0);
}

/** IPv4 in its IPv4-mapped form: 96 bits more. */
function encodePrefix(prefix: Prefix | undefined): BtfValue {
  if (prefix === undefined) return { address: zeros(), mask: zeros() };
  const mapped = prefix.family === 'ipv4';
  const length = prefix.length + (mapped ? 96 : 0);
  return {
    address: mapped ? [...zeros().slice(0, 10), 255, 255, ...prefix.bytes] : [...prefix.bytes],
    mask: zeros().map((_, i) => (0xff << (8 - Math.min(8, Math.max(0, length - i * 8)))) & 0xff),
  };
}
