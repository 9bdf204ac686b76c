import type { BtfValue, InstanceConfig } from '@underware/core';
import { parseIp } from '@underware/packet';

/** Numbers of firewall.h. */
export const PASS = 0;
export const DROP = 1;
export const COUNTER = { default: 0, link: 1, malformed: 2, laterFragment: 3 } as const;

/** A rule in short; what is left out is any. */
export interface Rule {
  action: number;
  family?: number;
  protocol?: number;
  source?: string;
  destination?: string;
  sourcePorts?: [number, number];
  destinationPorts?: [number, number];
}

export function firewallConfig(defaultAction: number, rules: readonly Rule[]): Partial<InstanceConfig> {
  return {
    rodata: { firewall_config: { rule_count: rules.length, default_action: defaultAction } },
    maps: { rules: rules.map((rule, key) => ({ key, value: encodeRule(rule) })) },
  };
}

function encodeRule(rule: Rule): BtfValue {
  return {
    source: encodePrefix(rule.source),
    destination: encodePrefix(rule.destination),
    source_port_first: rule.sourcePorts?.[0] ?? 0,
    source_port_last: rule.sourcePorts?.[1] ?? 65535,
    destination_port_first: rule.destinationPorts?.[0] ?? 0,
    destination_port_last: rule.destinationPorts?.[1] ?? 65535,
    family: rule.family ?? 0,
    protocol: rule.protocol ?? 0,
    action: rule.action,
    reserved: [0, 0, 0, 0, 0],
  };
}

function encodePrefix(text: string | undefined): BtfValue {
  const zeros: number[] = Array.from({ length: 16 }, () => 0);
  if (text === undefined) return { address: zeros, mask: zeros };
  const [address = '', length = ''] = text.split('/');
  const { version, bytes } = parseIp(address);
  const bits = Number(length) + (version === 4 ? 96 : 0);
  return {
    address: version === 4 ? [...zeros.slice(0, 10), 255, 255, ...bytes] : [...bytes],
    mask: zeros.map((_, i) => (0xff00 >> Math.min(8, Math.max(0, bits - 8 * i))) & 0xff),
  };
}
