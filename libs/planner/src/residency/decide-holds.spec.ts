import { describe, expect, it } from '@jest/globals';
import type { DesiredInstance, ResidencyPolicy } from '@underware/core';
import { decideHolds, overBudget } from './decide-holds.js';
import type { HostDemand, PastUse } from './decide-holds.js';

const MEBIBYTE = 2 ** 20;
/** A mebibyte that loads in 10 ms breaks even after 600 s. */
const footprintOf = () => ({ memoryBytes: MEBIBYTE, loadMilliseconds: 10 });

function instance(key: string, revision = 'aaaa'): DesiredInstance {
  return {
    key,
    id: key,
    revision,
    underservice: 'guard',
    plugin: { name: 'firewall', version: '0.1.0', digest: revision },
    program: 'firewall_xdp',
    port: 's/p',
    hook: 'xdp',
    order: 1,
    config: { rodata: {}, maps: {}, mapSizes: {} },
    residency: 'dynamic',
  };
}

function used(key: string, from: number, to?: number, revision = 'aaaa'): PastUse {
  return { key, revision, digest: revision, from, ...(to === undefined ? {} : { to }) };
}

function demand(over: Partial<HostDemand> = {}): HostDemand {
  return { policy: 'as-asked', uses: [], footprintOf, held: [], ...over };
}

const release = (asked: ResidencyPolicy, ...keys: string[]) =>
  keys.map((key) => ({ instance: instance(key), asked }));

describe('what becomes of instances without a user', () => {
  it('is as written: dynamic goes, persistent stays without an end', () => {
    const uses = [used('a', 0, 100)];
    expect(decideHolds(release('dynamic', 'a'), demand({ uses }), 100)).toMatchObject({
      hold: [],
      drop: [{ key: 'a' }],
    });
    const { hold } = decideHolds(release('persistent', 'a'), demand({ uses }), 100);
    expect(hold).toMatchObject([{ instance: { key: 'a' }, reason: 'persistent, as written' }]);
    expect(hold[0]).not.toHaveProperty('seconds');
  });

  it('goes with its service where it shares state with that', () => {
    const uses = [used('a', 0, 100)];
    for (const asked of ['persistent', 'auto'] as const) {
      const released = [{ instance: { ...instance('a'), stateOwner: 'f'.repeat(16) }, asked }];
      const { hold, drop } = decideHolds(released, demand({ uses, policy: 'persistent' }), 100);
      expect([hold, drop]).toEqual([[], [{ key: 'a', reason: expect.stringContaining('shares state') }]]);
    }
  });

  it('is held until it has cost as much as loading again, where nothing is known', () => {
    const { hold } = decideHolds(release('auto', 'a'), demand({ uses: [used('a', 0, 100)] }), 100);
    expect(hold).toMatchObject([{ instance: { key: 'a' }, seconds: 600 }]);
    expect(hold[0]?.reason).toContain('no gap between uses is known yet');
  });

  it('is learnt: unloaded at once where it never comes back in time, held where it does', () => {
    const seldom = Array.from({ length: 20 }, (_, i) => used('a', i * 10_000, i * 10_000 + 100));
    const end = seldom.at(-1)?.to ?? 0;
    expect(decideHolds(release('auto', 'a'), demand({ uses: seldom }), end).drop).toMatchObject([
      { key: 'a', reason: expect.stringContaining('unloaded at once') as unknown },
    ]);
    const often = Array.from({ length: 20 }, (_, i) => used('a', i * 400, i * 400 + 100));
    const [held] = decideHolds(release('auto', 'a'), demand({ uses: often }), often.at(-1)?.to ?? 0).hold;
    expect(held?.seconds).toBeGreaterThanOrEqual(600);
  });

  it('learns of the plugin, whichever service used it', () => {
    const uses = Array.from({ length: 20 }, (_, i) => used(`service${i}`, i * 10_000, i * 10_000 + 100));
    expect(decideHolds(release('auto', 'service19'), demand({ uses }), uses.at(-1)?.to ?? 0).hold).toEqual(
      [],
    );
  });

  it('follows the host where it wants the same of all', () => {
    const uses = [used('a', 0, 100)];
    expect(decideHolds(release('persistent', 'a'), demand({ uses, policy: 'dynamic' }), 100).hold).toEqual(
      [],
    );
    const [held] = decideHolds(release('dynamic', 'a'), demand({ uses, policy: 'persistent' }), 100).hold;
    expect(held?.reason).toBe('persistent, as the host wants it of all');
  });

  it('keeps no more persistent ones than a service has of them', () => {
    const held = [{ key: 'x', revision: 'aaaa', digest: 'aaaa', persistent: true }];
    const uses = [used('x', 0, 50), used('a', 60, 100), used('b', 60, 100)];
    const { hold } = decideHolds(release('persistent', 'a', 'b'), demand({ uses, held }), 100);
    expect(hold.filter(({ seconds }) => seconds === undefined)).toHaveLength(1);
  });

  it('stays within the budget: what is in use first, then what is persistent, then what is likeliest to be used', () => {
    const uses = [used('u', 0), used('a', 0, 100), used('b', 0, 100, 'bbbb')];
    const held = [{ key: 'old', revision: 'cccc', digest: 'cccc', persistent: false }];
    const released = [
      { instance: instance('a'), asked: 'auto' as const },
      { instance: instance('b', 'bbbb'), asked: 'persistent' as const },
    ];
    const plan = decideHolds(released, demand({ uses, held, budgetBytes: 2 * MEBIBYTE }), 100);
    expect(plan.hold.map(({ instance: { key } }) => key)).toEqual(['b']);
    expect(plan.makeRoom).toEqual(['old']);
    expect(plan.drop).toMatchObject([{ key: 'a', reason: expect.stringContaining('budget') as unknown }]);
    expect(overBudget(demand({ uses, held, budgetBytes: MEBIBYTE }), 100)).toEqual(['old']);
    expect(overBudget(demand({ uses, held }), 100)).toEqual([]);
  });
});
