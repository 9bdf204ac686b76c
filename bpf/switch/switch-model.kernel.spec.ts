import { expect } from '@jest/globals';
import * as fc from 'fast-check';
import { describeKernel, itKernel, PluginInstance, withBytes, withVlanTags } from '@underware/testkit';
import { SWITCH_COUNTERS } from '@underware/underservices';
import {
  A,
  arp,
  B,
  C,
  config,
  EVERYBODY,
  frame,
  neighbour,
  NOBODY,
  spec4,
  spec6,
} from './switch-packets.spec-support.js';

type Counter = (typeof SWITCH_COUNTERS)[number];

interface Model {
  anti_spoofing: boolean;
  isolated: boolean;
  replication: boolean;
  learning: boolean;
}

const GROUP = '33:33:00:00:00:fb';
const MODELS = 20;
const FRAMES = 120;

/** Who holds which address, link-local ones too. */
const HOLDERS = new Map(
  [A, B, C].flatMap(({ mac, v4, v6 }) => [
    [v4, mac],
    [v6, mac],
    [`fe80::ff:fe00:${mac.slice(-1)}`, mac],
  ]),
);
const ADDRESSES4 = [A.v4, B.v4, C.v4, '10.70.0.99', '0.0.0.0'];
const ADDRESSES6 = [A.v6, B.v6, 'fe80::ff:fe00:a', 'fe80::ff:fe00:b', 'fd70::99', '::'];
const MACS = [A.mac, B.mac, C.mac, NOBODY];

type Kind = 'ipv4' | 'ipv6' | 'arp request' | 'arp reply' | 'solicitation' | 'tagged' | 'other';

interface Sent {
  kind: Kind;
  from: string;
  to: string;
  v4: string;
  v6: string;
  /** Of ARP: what the message itself says of its sender. */
  claimed: string;
  asked4: string;
  asked6: string;
}

const model = fc.record({
  anti_spoofing: fc.boolean(),
  isolated: fc.boolean(),
  replication: fc.boolean(),
  learning: fc.boolean(),
});
/** Mostly what the port may send, or little would pass the first question. */
const mostly = (first: string, others: readonly string[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(first) }, fc.constantFrom(...others));
const sent: fc.Arbitrary<Sent> = fc.record({
  kind: fc.constantFrom<Kind>('ipv4', 'ipv6', 'arp request', 'arp reply', 'solicitation', 'tagged', 'other'),
  from: mostly(A.mac, MACS),
  to: fc.constantFrom(...MACS, EVERYBODY, GROUP),
  v4: mostly(A.v4, ADDRESSES4),
  v6: mostly(A.v6, ADDRESSES6),
  claimed: mostly(A.mac, MACS),
  asked4: fc.constantFrom(...ADDRESSES4),
  asked6: fc.constantFrom(...ADDRESSES6),
});

function bytesOf({ kind, from, to, v4, v6, claimed, asked4, asked6 }: Sent): Uint8Array {
  switch (kind) {
    case 'ipv4':
      return frame({ ...spec4, source: v4 }, to, from);
    case 'ipv6':
      return frame({ ...spec6, source: v6 }, to, from);
    case 'arp request':
      return arp({ sender: { mac: claimed, v4 }, asked: asked4, to, from });
    case 'arp reply':
      return arp({ operation: 2, sender: { mac: claimed, v4 }, asked: asked4, to, from });
    case 'solicitation':
      return neighbour({
        type: 135,
        from,
        to,
        source: v6,
        destination: 'ff02::1:ff00:c',
        target: asked6,
        option: from,
      });
    case 'tagged':
      return withVlanTags(frame(spec4, to, from), [7]);
    case 'other':
      return withBytes(frame(spec4, to, from), 12, [0x88, 0xb5]);
  }
}

/** What docs/underservices/switch.md says of a frame that port a sends. */
function judge(frameSent: Sent, { anti_spoofing, isolated, replication, learning }: Model): Counter {
  const { kind, from, to, v4, v6, claimed, asked4, asked6 } = frameSent;
  const toMany = to === EVERYBODY || to === GROUP;
  const ofUnknown: Counter = learning ? 'replicated' : 'unknown';
  const question = (asked: string): Counter => {
    const holder = HOLDERS.get(asked);
    if (holder === undefined) return ofUnknown;
    if (holder === from || isolated) return 'unknown';
    return kind === 'solicitation' ? 'nd_answered' : 'arp_answered';
  };
  const forward = (): Counter => {
    // Isolated ports have nobody to copy to but endpoints.
    if (toMany) return replication && (!isolated || learning) ? 'replicated' : 'multicast';
    if (to === NOBODY) return ofUnknown;
    if (isolated) return 'isolated';
    // The table's host has no uplink.
    return to === C.mac ? 'unreachable' : 'local';
  };

  if (kind === 'tagged') return 'tagged';
  if (anti_spoofing && from !== A.mac) return 'spoofed';
  if (kind === 'arp request' || kind === 'arp reply') {
    if (anti_spoofing && (claimed !== from || HOLDERS.get(v4) !== from)) return 'spoofed';
    return kind === 'arp request' ? question(asked4) : forward();
  }
  if (kind === 'other') return forward();
  const source = kind === 'ipv4' ? v4 : v6;
  const isOwn = !anti_spoofing || HOLDERS.get(source) === from;
  if (kind === 'solicitation') return isOwn ? question(asked6) : 'spoofed';
  const asksAll = toMany && (source === '0.0.0.0' || source === '::');
  return isOwn || asksAll ? forward() : 'spoofed';
}

describeKernel('switch against its model', () => {
  itKernel('agrees on what becomes of a frame', async () => {
    const seed = Date.now();
    for (const wanted of fc.sample(model, { seed, numRuns: MODELS })) {
      const settings = {
        ...wanted,
        replication_limit: 1_000_000,
        endpoints: wanted.learning ? ['192.0.2.9'] : [],
      };
      // Port b is where frames for this host go.
      const instance = await PluginInstance.load('switch', 'switch_xdp', {
        ...config('outbound', settings),
      });
      try {
        const before = new Map<Counter, number>();
        for (const each of fc.sample(sent, { seed: seed + MODELS, numRuns: FRAMES })) {
          await instance.run(bytesOf(each));
          const after = await instance.counters('counters');
          const grown = SWITCH_COUNTERS.filter(
            (name, i) => (after[i]?.packets ?? 0) > (before.get(name) ?? 0),
          );
          for (const [i, name] of SWITCH_COUNTERS.entries()) before.set(name, after[i]?.packets ?? 0);
          expect({ seed, settings, each, grown }).toEqual({
            seed,
            settings,
            each,
            grown: [judge(each, wanted)],
          });
        }
      } finally {
        instance.close();
      }
    }
  });
});
