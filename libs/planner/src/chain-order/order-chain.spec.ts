import { describe, expect, it } from '@jest/globals';
import { UnderwareError } from '@underware/core';
import type { OrderClass } from '@underware/core';
import * as fc from 'fast-check';
import { orderChain } from './order-chain.js';
import type { ChainMember, ChainPlace } from './order-chain.js';

const IN: ChainPlace = { host: 'h1', port: 'web_port', hook: 'tcx/egress', direction: 'inbound' };
const OUT: ChainPlace = { ...IN, hook: 'xdp', direction: 'outbound' };

function member(name: string, order: OrderClass, says: Partial<ChainMember['manifest']> = {}): ChainMember {
  return { underservice: `${name}s`, manifest: { name, version: '1.0.0', implements: name, order, ...says } };
}

function positions(members: ChainMember[], place = IN): Record<string, number> {
  return Object.fromEntries([...orderChain(members, place)].map(([name, { order }]) => [name, order]));
}

function refusal(members: ChainMember[], place = IN): string {
  try {
    orderChain(members, place);
  } catch (error) {
    if (error instanceof UnderwareError && error.code === 'PLAN_IMPOSSIBLE')
      return `${error.report.on}: ${error.report.why}`;
    throw error;
  }
  throw new Error('it was not refused');
}

describe('the order of a chain', () => {
  it('is that of the classes on the way in, the other way round on the way out, and of names within a class', () => {
    const members = [member('b', 'filter'), member('watch', 'observe'), member('a', 'filter')];
    expect(positions(members)).toEqual({ watchs: 200, as: 300, bs: 301 });
    expect(positions(members, OUT)).toEqual({ watchs: 800, as: 700, bs: 699 });
    expect(orderChain(members, OUT).get('as')?.reason).toBe('filter, counted from the inside out');
  });

  it('follows what plugins say of one another, by name or by what they implement, above the classes', () => {
    const guard = member('guard', 'filter', { before: ['watch'] });
    expect(positions([member('watch', 'observe'), guard])).toEqual({ guards: 300, watchs: 301 });
    const nat = member('carrier-nat', 'guard', { implements: 'nat', after: ['firewall'] });
    const firewall = member('wall', 'filter', { implements: 'firewall' });
    const ordered = orderChain([nat, firewall], IN);
    expect([...ordered.keys()]).toEqual(['walls', 'carrier-nats']);
    expect(ordered.get('carrier-nats')?.reason).toBe('guard; carrier-nat@1.0.0 says after firewall');
    expect(positions([nat])).toEqual({ 'carrier-nats': 100 });
  });

  it('is refused where plugins contradict one another, with the way round', () => {
    const a = member('a', 'guard', { after: ['c'] });
    const b = member('b', 'observe', { after: ['a'] });
    const c = member('c', 'filter', { after: ['b'] });
    expect(refusal([a, b, c, member('d', 'route')])).toBe(
      'chain web_port tcx/egress on h1: no order satisfies c@1.0.0 and a@1.0.0 and b@1.0.0: a@1.0.0 says after c; c@1.0.0 says after b; b@1.0.0 says after a',
    );
    expect(refusal([member('x', 'guard', { before: ['y'], after: ['y'] }), member('y', 'guard')])).toContain(
      'x@1.0.0 says after y; x@1.0.0 says before y',
    );
  });

  it('ends, either way, with what cannot hand packets on', () => {
    const last = member('theirs', 'guard', { thirdParty: {} });
    const others = [member('watch', 'observe'), member('wall', 'filter')];
    expect(positions([last, ...others])).toEqual({ watchs: 200, walls: 300, theirss: 301 });
    expect(positions([last, ...others], OUT)).toEqual({ theirss: 900, watchs: 800, walls: 700 });
    expect(orderChain([last, ...others], IN).get('theirss')?.reason).toBe(
      'guard; theirs@1.0.0 cannot hand packets on',
    );
    const chained = member('theirs', 'guard', { thirdParty: { next: 'progs' } });
    expect(positions([chained, ...others])).toEqual({ theirss: 100, watchs: 200, walls: 300 });
    expect(refusal([last, member('second', 'filter', { thirdParty: {} })])).toContain(
      'second@1.0.0 of seconds can never be reached: theirs@1.0.0 of theirss comes before it',
    );
  });

  it('is refused where it would end behind what delivers', () => {
    const last = member('theirs', 'guard', { thirdParty: {} });
    expect(refusal([last, member('bridge', 'switch')], OUT)).toContain(
      'theirs@1.0.0 of theirss cannot hand packets on, so it would stand behind bridge@1.0.0 of bridges, which delivers them',
    );
  });

  it('is refused where a hop could never be reached', () => {
    const router = member('router', 'route', { final: true });
    expect(positions([member('switch', 'switch'), router])).toEqual({ switchs: 10, routers: 20 });
    expect(refusal([router, member('watch', 'observe')])).toBe(
      'chain web_port tcx/egress on h1: watch@1.0.0 of watchs can never be reached: router@1.0.0 of routers comes before it and passes nothing on',
    );
    expect(refusal([router, member('switch', 'switch')], OUT)).toContain(
      'switch@1.0.0 of switchs can never be reached',
    );
  });

  it('does not depend on the order in which members come, and keeps what is said', () => {
    const classes = fc.constantFrom<OrderClass>('guard', 'observe', 'filter', 'route');
    const names = ['a', 'b', 'c', 'd', 'e'];
    // Said of earlier names only, so that it can always be kept.
    const chain = fc.tuple(
      ...names.map((name, i) =>
        fc
          .record({ order: classes, after: fc.subarray(names.slice(0, i)) })
          .map(({ order, after }) => member(name, order, { after })),
      ),
    );
    fc.assert(
      fc.property(chain, fc.nat(100), (members, turn) => {
        const found = positions(members);
        const turned = members
          .map((_, i) => members[(i + turn) % members.length])
          .filter((each) => each !== undefined);
        expect(positions(turned)).toEqual(found);
        expect(new Set(Object.values(found)).size).toBe(names.length);
        for (const { underservice, manifest } of members)
          for (const other of manifest.after ?? [])
            expect(found[underservice]).toBeGreaterThan(found[`${other}s`] ?? Infinity);
      }),
    );
  });
});
