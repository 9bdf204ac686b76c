import type { PacketSpec } from '@underware/core';
import { buildPacket } from '@underware/packet';
import { asFragment, packetTable, padded, withBytes, withExtensions, withVlanTags } from '@underware/testkit';
import type { PacketRow } from '@underware/testkit';
import { COUNTER, DROP, firewallConfig, PASS } from './firewall-config.spec-support.js';
import type { Rule } from './firewall-config.spec-support.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const tcp4: PacketSpec = {
  protocol: 'tcp',
  source: '10.1.2.3',
  destination: '10.60.0.2',
  destinationPort: 80,
};
const udp4: PacketSpec = { ...tcp4, protocol: 'udp', sourcePort: 53, destinationPort: 4000 };
const tcp6: PacketSpec = {
  protocol: 'tcp',
  source: 'fd60::1',
  destination: 'fd60:1::2',
  destinationPort: 443,
};
const packet = (spec: PacketSpec, changes: Partial<PacketSpec> = {}): Uint8Array =>
  buildPacket({ ...spec, ...changes }, l2);

const rules: Rule[] = [
  { action: DROP, source: '10.1.2.99/32' },
  {
    action: PASS,
    family: 4,
    protocol: 'tcp',
    source: '10.0.0.0/9',
    destination: '10.60.0.2/32',
    destinationPorts: [80, 81],
  },
  { action: PASS, protocol: 'udp', sourcePorts: [53, 53] },
  { action: PASS, protocol: 'icmp' },
  { action: PASS, family: 6, protocol: 'tcp', source: 'fd60::/63', destinationPorts: [443, 443] },
  { action: PASS, family: 6, destination: 'fd70::/16' },
];

const matched = (rule: number): PacketRow['counts'] => [['rule_counters', rule]];
/** A packet that begins a connection. */
const opened = (rule: number): PacketRow['counts'] => [...matched(rule), ...other(COUNTER.opened)];
const other = (...counters: number[]): PacketRow['counts'] =>
  counters.map((counter) => ['counters', counter]);

/** An IPv6 neighbour solicitation is an ICMPv6 packet of type 135 with hop limit 255. */
const solicitation = withBytes(
  withBytes(packet({ protocol: 'icmp', source: 'fe80::1', destination: 'ff02::1' }), 54, [135]),
  21,
  [255],
);
const arp = withBytes(new Uint8Array(60), 12, [0x08, 0x06]);

const rows: PacketRow[] = [
  { name: 'TCP over IPv4 to an allowed port', packet: packet(tcp4), expect: 'pass', counts: opened(1) },
  {
    name: 'the last port of a range',
    packet: packet(tcp4, { destinationPort: 81 }),
    expect: 'pass',
    counts: opened(1),
  },
  {
    name: 'the port below a range',
    packet: packet(tcp4, { destinationPort: 79 }),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'the port above a range',
    packet: packet(tcp4, { destinationPort: 82 }),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'the last address of a prefix',
    packet: packet(tcp4, { source: '10.127.255.255' }),
    expect: 'pass',
    counts: opened(1),
  },
  {
    name: 'the first address past a prefix',
    packet: packet(tcp4, { source: '10.128.0.0' }),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'another destination',
    packet: packet(tcp4, { destination: '10.60.0.3' }),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'another protocol on the same port',
    packet: packet(tcp4, { protocol: 'udp' }),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'what an earlier rule drops',
    packet: packet(tcp4, { source: '10.1.2.99' }),
    expect: 'drop',
    counts: matched(0),
  },
  { name: 'UDP by source port', packet: packet(udp4), expect: 'pass', counts: opened(2) },
  {
    name: 'UDP over IPv6 by source port',
    packet: packet({ ...udp4, source: '2001:db8::1', destination: '2001:db8::2' }),
    expect: 'pass',
    counts: opened(2),
  },
  {
    name: 'UDP from another source port',
    packet: packet(udp4, { sourcePort: 54 }),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  { name: 'ICMP', packet: packet(tcp4, { protocol: 'icmp' }), expect: 'pass', counts: opened(3) },
  { name: 'ICMPv6', packet: packet(tcp6, { protocol: 'icmp' }), expect: 'pass', counts: opened(3) },
  { name: 'TCP over IPv6 to an allowed port', packet: packet(tcp6), expect: 'pass', counts: opened(4) },
  {
    name: 'an IPv6 source within an odd prefix',
    packet: packet(tcp6, { source: 'fd60:0:0:1::9' }),
    expect: 'pass',
    counts: opened(4),
  },
  {
    name: 'an IPv6 source past it',
    packet: packet(tcp6, { source: 'fd60:0:0:2::9' }),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'IPv6 by destination, any protocol',
    packet: packet(tcp6, { destination: 'fd70::1', protocol: 'udp' }),
    expect: 'pass',
    counts: opened(5),
  },
  {
    name: 'IPv6 behind extension headers',
    packet: withExtensions(packet(tcp6), [0, 43, 60, 60]),
    expect: 'pass',
    counts: opened(4),
  },
  {
    name: 'IPv6 behind more extension headers than read',
    packet: withExtensions(packet(tcp6), [0, 60, 60, 60, 60]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  { name: 'one VLAN tag', packet: withVlanTags(packet(tcp4), [7]), expect: 'pass', counts: opened(1) },
  { name: 'two VLAN tags', packet: withVlanTags(packet(tcp6), [7, 8]), expect: 'pass', counts: opened(4) },
  {
    name: 'a VLAN-tagged packet to a closed port',
    packet: withVlanTags(packet(tcp4, { destinationPort: 22 }), [7]),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'more VLAN tags than are read',
    packet: withVlanTags(packet(tcp4), [7, 8, 9]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  { name: 'ARP', packet: arp, expect: 'pass', counts: other(COUNTER.link) },
  {
    name: 'neither IP nor ARP (LLDP)',
    packet: withBytes(arp, 12, [0x88, 0xcc]),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  {
    name: 'ICMPv6 within IPv4, which looks like neighbour discovery',
    packet: withBytes(withBytes(packet(tcp4, { protocol: 'icmp' }), 23, [58]), 34, [135]),
    expect: 'drop',
    counts: other(COUNTER.default),
  },
  { name: 'IPv6 neighbour discovery', packet: solicitation, expect: 'pass', counts: other(COUNTER.link) },
  {
    name: 'a neighbour solicitation that was routed is ICMP',
    packet: withBytes(solicitation, 21, [254]),
    expect: 'pass',
    counts: matched(3),
  },
  { name: 'Ethernet padding', packet: padded(packet(tcp4), 60), expect: 'pass', counts: opened(1) },
  { name: 'IPv4 options', packet: withOptions(packet(tcp4)), expect: 'pass', counts: opened(1) },
  {
    name: 'a first fragment by its port',
    packet: asFragment(packet(tcp4), { offset: 0, more: true }),
    expect: 'pass',
    counts: opened(1),
  },
  {
    name: 'a later fragment, which only rules with ports would pass',
    packet: asFragment(packet(tcp4), { offset: 3, more: false }),
    expect: 'drop',
    counts: other(COUNTER.default, COUNTER.later_fragment),
  },
  {
    name: 'a later fragment that a rule without ports passes',
    packet: asFragment(packet(tcp6, { destination: 'fd70::1' }), { offset: 3, more: true }),
    expect: 'pass',
    counts: [...matched(5), ...other(COUNTER.later_fragment)],
  },
  {
    name: 'a later fragment from a dropped source',
    packet: asFragment(packet(tcp4, { source: '10.1.2.99' }), { offset: 3, more: false }),
    expect: 'drop',
    counts: [...matched(0), ...other(COUNTER.later_fragment)],
  },
  {
    name: 'IPv4 cut in its header',
    packet: packet(tcp4).subarray(0, 30),
    programs: ['firewall_xdp'],
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv4 that says more than there is',
    packet: withBytes(packet(tcp4), 16, [0, 41]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv4 that says less than its header',
    packet: withBytes(packet(tcp4), 16, [0, 19]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv4 whose header is shorter than one',
    packet: withBytes(packet(tcp4), 14, [0x44]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv4 that says version 5',
    packet: withBytes(packet(tcp4), 14, [0x55]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv4 that ends inside TCP',
    packet: withBytes(packet(tcp4), 16, [0, 39]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'TCP whose header is shorter than one',
    packet: withBytes(packet(tcp4), 46, [0x40]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'TCP whose options are missing',
    packet: withBytes(packet(tcp4), 46, [0x60]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'UDP that says less than its header',
    packet: withBytes(packet(udp4), 38, [0, 7]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv6 cut in its header',
    packet: packet(tcp6).subarray(0, 50),
    programs: ['firewall_xdp'],
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv6 that says more than there is',
    packet: withBytes(packet(tcp6), 18, [0, 21]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
  {
    name: 'IPv6 whose extension header is longer than the packet',
    packet: withBytes(withExtensions(packet(tcp6), [60]), 55, [9]),
    expect: 'drop',
    counts: other(COUNTER.malformed),
  },
];

/** Four bytes of IPv4 options: no operation, thrice, and the end. */
function withOptions(bytes: Uint8Array): Uint8Array {
  const longer = Uint8Array.from([...bytes.subarray(0, 34), 1, 1, 1, 0, ...bytes.subarray(34)]);
  return withBytes(withBytes(longer, 14, [0x46]), 16, [0, 44]);
}

const counterMaps = ['rule_counters', 'counters'];
const programs = ['firewall_xdp', 'firewall_tcx'];

packetTable('default drop', {
  object: 'firewall',
  programs,
  config: firewallConfig(DROP, rules),
  counterMaps,
  rows,
});

packetTable('default pass', {
  object: 'firewall',
  programs,
  config: firewallConfig(PASS, [{ action: DROP, protocol: 'tcp', destinationPorts: [22, 22] }]),
  counterMaps,
  rows: [
    {
      name: 'what no rule matches',
      packet: packet(tcp4),
      expect: 'pass',
      counts: other(COUNTER.default, COUNTER.opened),
    },
    {
      name: 'what a rule matches',
      packet: packet(tcp4, { destinationPort: 22 }),
      expect: 'drop',
      counts: matched(0),
    },
    {
      name: 'a malformed packet all the same',
      packet: packet(tcp4).subarray(0, 30),
      programs: ['firewall_xdp'],
      expect: 'drop',
      counts: other(COUNTER.malformed),
    },
  ],
});

packetTable('without rules', {
  object: 'firewall',
  programs,
  config: {},
  counterMaps,
  rows: [
    { name: 'as built, everything', packet: packet(tcp4), expect: 'drop', counts: other(COUNTER.default) },
  ],
});

packetTable('the last of 10,001 rules', {
  object: 'firewall',
  programs,
  config: firewallConfig(DROP, [
    ...Array.from({ length: 10_000 }, (_, i): Rule => ({
      action: DROP,
      source: `192.${i >> 8}.${i & 255}.1/32`,
    })),
    { action: PASS, source: '10.0.0.0/8' },
  ]),
  counterMaps,
  rows: [{ name: 'decides', packet: packet(tcp4), expect: 'pass', counts: opened(10_000) }],
});
