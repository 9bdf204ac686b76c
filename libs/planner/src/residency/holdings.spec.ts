import { describe, expect, it } from '@jest/globals';
import type { HeldInstance, InventoryHost, Plan } from '@underware/core';
import { plan } from '../plan.js';
import { CATALOG, example, host, OPTIONS, plugin } from '../plan.spec-support.js';

const NOW = '2026-01-01T00:00:00.000Z';

/** A plan of a probe on both hooks of a port of one host. */
function planned(service: string, over: Partial<InventoryHost> = {}, catalog = CATALOG): Plan {
  return plan(example('single-probe'), { hosts: [host('h1', over)] }, catalog, { ...OPTIONS, service }, NOW);
}

function heldOf({ slices }: Plan, since = NOW): HeldInstance[] {
  return Object.values(slices).flatMap(({ instances }) =>
    instances.map(({ key, id, revision, hook, plugin: { digest } }) => ({
      key,
      id,
      revision,
      hook,
      digest,
      since,
    })),
  );
}

const keysOf = (made: Plan): string[] =>
  heldOf(made)
    .map(({ key }) => key)
    .sort();
const before = planned('s1');

describe('what a host holds without a user', () => {
  it('is what a new service is made of, where plugin, program and config are the same', () => {
    const made = planned('s2', { held: heldOf(before) });
    expect(keysOf(made)).toEqual(keysOf(before));
    const [key = ''] = keysOf(before);
    expect(made.decisions).toContainEqual(
      expect.objectContaining({
        choice: key,
        reason: expect.stringContaining('linked without being loaded') as unknown,
      }),
    );
  });

  it('is not used for another plugin or hook, and its id is given to nothing else', () => {
    const catalog = { plugins: [plugin('firewall'), plugin('probe', '0.2.0')] };
    const other = planned('s1', { held: heldOf(before) }, catalog);
    const ids = new Set(heldOf(before).map(({ id }) => id));
    expect(heldOf(other).filter(({ id }) => ids.has(id))).toEqual([]);
    const swapped = heldOf(before).map((each) => ({
      ...each,
      hook: each.hook === 'xdp' ? ('tcx/egress' as const) : ('xdp' as const),
    }));
    expect(keysOf(planned('s2', { held: swapped })).filter((key) => keysOf(before).includes(key))).toEqual(
      [],
    );
  });

  it('is its own first, then what was used last', () => {
    const own = planned('s1', {
      held: [...heldOf(planned('s3'), '2026-02-01T00:00:00.000Z'), ...heldOf(before)],
    });
    expect(keysOf(own)).toEqual(keysOf(before));
    const late = planned('s3');
    const held = [...heldOf(before), ...heldOf(late, '2026-02-01T00:00:00.000Z')];
    expect(keysOf(planned('s2', { held }))).toEqual(keysOf(late));
  });

  it('leaves an id to the service that took it over', () => {
    const takenOver = heldOf(before).map(({ id }) => id);
    const back = planned('s1', { takenOver });
    expect(heldOf(back).filter(({ id }) => takenOver.includes(id))).toEqual([]);
    expect(keysOf(planned('s1', { takenOver }))).toEqual(keysOf(back));
  });
});
