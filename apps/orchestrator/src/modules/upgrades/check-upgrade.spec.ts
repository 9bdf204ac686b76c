import { describe, expect, test } from '@jest/globals';
import type { Catalog, DesiredInstance, Plan, PluginManifest, ServiceGraph } from '@underware/core';
import { checkUpgrade } from './check-upgrade.js';

const manifest = {
  name: 'firewall',
  version: '2.0.0',
  implements: 'firewall',
  maps: { rules: { role: 'config', scope: 'instance', description: '' } },
} as unknown as PluginManifest;
const plugin: Pick<Catalog['plugins'][number], 'digest' | 'manifest'> = { digest: 'new', manifest };
const graph = { underservices: [{ name: 'guard', kind: 'firewall' }] } as ServiceGraph;

function planOf(digest: string, { host = 'h1', maps = { rules: [] }, name = 'firewall' } = {}): Plan {
  const instance = { underservice: 'guard', plugin: { name, digest }, config: { maps } };
  return {
    placements: [{ vnf: 'web', host }],
    slices: { [host]: { instances: [instance as unknown as DesiredInstance] } },
    decisions: [
      { subject: 'guard', outcome: 'rejected', choice: 'firewall@2.0.0', reason: 'h1 lacks kfuncs', host },
    ],
  } as unknown as Plan;
}

const before = { plan: planOf('old'), graph };
const check =
  (next: Plan, given = plugin, known = before) =>
  () =>
    checkUpgrade('shop', known, next, given, (host) => `host ${host}`);

describe('an upgrade', () => {
  test('is the same plan with the other version, whatever plugins of other names there are', () => {
    expect(check(planOf('new'))).not.toThrow();
    expect(check(planOf('old', { name: 'other-firewall' }))).not.toThrow();
  });

  test.each([
    ['moves no VNF', check(planOf('new', { host: 'h2' })), 'web cannot stay on host h1'],
    ['leaves no instance behind', check(planOf('old')), 'host h1 cannot run it: h1 lacks kfuncs'],
    [
      'has a place for all of the config',
      check(planOf('new', { maps: { rules: [], zones: [] } as never })),
      'the config of guard has entries for zones',
    ],
    [
      'is of the same kind',
      check(planOf('new'), { ...plugin, manifest: { ...manifest, implements: 'nat' } }),
      'it implements nat, guard is a firewall',
    ],
  ])('%s', (_words, run, why) => {
    expect(run).toThrow(
      expect.objectContaining({ report: expect.objectContaining({ code: 'PLAN_IMPOSSIBLE' }) }),
    );
    expect(run).toThrow(why);
  });
});
