import { asFragment, packetTable, withBytes, withVlanTags } from '@underware/testkit';
import {
  A,
  B,
  C,
  NOBODY,
  EVERYBODY,
  VNI,
  config,
  counted,
  spec4,
  spec6,
  frame,
  arp,
  neighbour,
  solicitation,
  tunnelled,
} from './switch-packets.spec-support.js';

packetTable('switch at a port', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('outbound'),
  counterMaps: ['counters'],
  rows: [
    {
      name: 'IPv4 to a port of this host',
      packet: frame(spec4),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'IPv6 to a port of this host',
      packet: frame(spec6),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'a later fragment',
      packet: asFragment(frame(spec4), { offset: 64, more: false }),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'a frame of 60 bytes that is neither IP nor ARP',
      packet: withBytes(frame({ ...spec4, payloadBytes: 18 }), 12, [0x88, 0xb5]),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'to a host whose uplink is not there',
      packet: frame({ ...spec4, destination: C.v4 }, C.mac),
      expect: 'drop',
      counts: counted('unreachable'),
    },
    {
      name: 'to a station that nobody is',
      packet: frame(spec4, NOBODY),
      expect: 'drop',
      counts: counted('unknown'),
    },
    { name: 'a broadcast', packet: frame(spec4, EVERYBODY), expect: 'drop', counts: counted('multicast') },
    {
      name: "under another's Ethernet address",
      packet: frame(spec4, B.mac, C.mac),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "under another's IPv4 address",
      packet: frame({ ...spec4, source: C.v4 }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "under another's IPv6 address",
      packet: frame({ ...spec6, source: C.v6 }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'with an IPv4 header that is cut',
      packet: frame(spec4).subarray(0, 30),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'with a VLAN tag',
      packet: withVlanTags(frame(spec4), [7]),
      expect: 'drop',
      counts: counted('tagged'),
    },
    {
      name: 'ARP for a station of this host',
      packet: arp(),
      out: arp({ operation: 2, sender: { mac: B.mac, v4: B.v4 }, asked: A.v4, to: A.mac, from: B.mac }),
      expect: 'redirect',
      counts: counted('arp_answered'),
    },
    {
      name: 'ARP for a station of another host',
      packet: arp({ asked: C.v4 }),
      out: arp({ operation: 2, sender: { mac: C.mac, v4: C.v4 }, asked: A.v4, to: A.mac, from: C.mac }),
      expect: 'redirect',
      counts: counted('arp_answered'),
    },
    {
      name: 'ARP for an address that nobody has',
      packet: arp({ asked: '10.70.0.99' }),
      expect: 'drop',
      counts: counted('unknown'),
    },
    { name: 'ARP for itself', packet: arp({ asked: A.v4 }), expect: 'drop', counts: counted('unknown') },
    {
      name: "ARP under another's IPv4 address",
      packet: arp({ sender: { mac: A.mac, v4: C.v4 } }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: "ARP under another's Ethernet address",
      packet: arp({ sender: { mac: C.mac, v4: A.v4 } }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'an ARP reply to a station',
      packet: arp({ operation: 2, asked: B.v4, to: B.mac }),
      expect: 'redirect',
      counts: counted('local'),
    },
    {
      name: 'ARP of another kind of network',
      packet: withBytes(arp(), 15, [6]),
      expect: 'drop',
      counts: counted('malformed'),
    },
    {
      name: 'a neighbour solicitation',
      packet: neighbour(solicitation),
      out: neighbour({
        type: 136,
        from: C.mac,
        to: A.mac,
        source: C.v6,
        destination: A.v6,
        target: C.v6,
        option: C.mac,
      }),
      expect: 'redirect',
      counts: counted('nd_answered'),
    },
    {
      name: 'a neighbour solicitation for nobody',
      packet: neighbour({ ...solicitation, target: 'fd70::99' }),
      expect: 'drop',
      counts: counted('unknown'),
    },
    {
      name: "a neighbour solicitation under another's address",
      packet: neighbour({ ...solicitation, source: B.v6 }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
  ],
});

packetTable('switch at a port without protection', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('outbound', { anti_spoofing: false }),
  counterMaps: ['counters'],
  rows: [
    {
      name: "under another's addresses",
      packet: frame({ ...spec4, source: C.v4 }, B.mac, C.mac),
      expect: 'redirect',
      counts: counted('local'),
    },
  ],
});

packetTable('switch with isolated ports', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('outbound', { isolated: true }),
  counterMaps: ['counters'],
  rows: [
    { name: 'to another port', packet: frame(spec4), expect: 'drop', counts: counted('isolated') },
    { name: 'ARP for another port', packet: arp(), expect: 'drop', counts: counted('unknown') },
  ],
});

const back = frame({ ...spec4, source: C.v4, destination: B.v4 }, B.mac, C.mac);
const strange = tunnelled(back, { vni: VNI + 1 });

packetTable('switch at an uplink', {
  object: 'switch',
  programs: ['switch_xdp'],
  config: config('inbound'),
  counterMaps: ['counters'],
  rows: [
    { name: 'a frame of another segment', packet: strange, expect: 'pass', counts: counted('not_ours') },
    {
      name: 'VXLAN to another port',
      packet: tunnelled(back, { port: 8472 }),
      expect: 'pass',
      counts: counted('not_ours'),
    },
    { name: 'what is no tunnel', packet: back, expect: 'pass', counts: counted('not_ours') },
    {
      name: 'from a host that does not have the station',
      packet: tunnelled(back, { from: '192.0.2.3' }),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'from a station of this very host',
      packet: tunnelled(frame(spec4)),
      expect: 'drop',
      counts: counted('spoofed'),
    },
    {
      name: 'to a station of another host',
      packet: tunnelled(frame(spec4, C.mac, C.mac)),
      expect: 'drop',
      counts: counted('unknown'),
    },
    {
      name: 'to many',
      packet: tunnelled(frame(spec4, EVERYBODY, C.mac)),
      expect: 'drop',
      counts: counted('multicast'),
    },
    {
      name: 'a frame that is cut',
      packet: tunnelled(new Uint8Array(10)),
      expect: 'drop',
      counts: counted('malformed'),
    },
  ],
});
