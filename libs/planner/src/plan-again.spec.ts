import { describe, expect, it } from '@jest/globals';
import type { Plan } from '@underware/core';
import { planByHost } from './plan-by-host.js';
import { plan } from './plan.js';
import { CATALOG, example, host, NOW, OPTIONS, plugin } from './plan.spec-support.js';

const two = { hosts: [host('h1'), host('h2')] };

function versionsOf({ slices }: Plan): Set<string> {
  const plugins = Object.values(slices).flatMap(({ instances }) => instances.map((each) => each.plugin));
  return new Set(plugins.map(({ name, version }) => `${name}@${version}`));
}

describe('the plugin of a service that is planned again', () => {
  it('is kept until another version is asked for', () => {
    const graph = example('web-behind-firewall');
    const before = plan(graph, two, CATALOG, OPTIONS, NOW);
    const previous = { plan: before, graph, inventory: two, catalog: CATALOG };
    const higher = [plugin('firewall', '0.2.0'), plugin('probe', '0.2.0')];
    const catalog = { plugins: [...CATALOG.plugins, ...higher] };
    const again = plan(graph, two, catalog, { ...OPTIONS, previous }, NOW);
    expect(again.slices).toEqual(before.slices);
    const [firewall] = higher;
    const upgrade = { name: 'firewall', digest: firewall?.digest ?? '' };
    const upgraded = plan(graph, two, catalog, { ...OPTIONS, previous, upgrade }, NOW);
    expect(versionsOf(upgraded)).toEqual(new Set(['firewall@0.2.0', 'probe@0.1.0']));
    const marks = planByHost(upgraded, before).flatMap(({ changes }) => changes.map(({ mark }) => mark));
    expect(new Set(marks)).toEqual(new Set(['↻']));
    const reasons = upgraded.decisions.map(({ choice, reason }) => `${choice}: ${reason.split(';')[0]}`);
    expect(reasons).toEqual(
      expect.arrayContaining([
        'firewall@0.2.0: the version that was asked for',
        'probe@0.1.0: the version in force',
      ]),
    );
  });
});

describe('an instance of a service that is planned again', () => {
  const graph = example('web-behind-firewall');
  const before = plan(graph, two, CATALOG, OPTIONS, NOW);
  const upgrade = { name: 'firewall', digest: plugin('firewall', '0.2.0').digest };
  const catalog = { plugins: [...CATALOG.plugins, plugin('firewall', '0.2.0')] };

  /** The plan in force with one instance that the service took over, under an id that is not its own. */
  const takenOver: Plan = {
    ...before,
    slices: Object.fromEntries(
      Object.entries(before.slices).map(([id, slice]) => [
        id,
        {
          ...slice,
          instances: slice.instances.map((each) =>
            each.underservice === 'guard' ? { ...each, id: 'f00d', key: `f00d-${each.revision}` } : each,
          ),
        },
      ]),
    ),
  };
  const again = (lent: string[]): string[] => {
    const previous = { plan: takenOver, graph, inventory: two, catalog: CATALOG };
    const { slices } = plan(graph, two, catalog, { ...OPTIONS, previous, upgrade, lent }, NOW);
    const guards = Object.values(slices).flatMap(({ instances }) =>
      instances.filter(({ underservice }) => underservice === 'guard'),
    );
    expect(new Set(guards.map((each) => each.plugin.version))).toEqual(new Set(['0.2.0']));
    return guards.map(({ id }) => id);
  };

  it('keeps its id, also one that it was taken over with', () => {
    expect(new Set(again([]))).toEqual(new Set(['f00d']));
  });

  it('gets an id of its own where the one it had goes back to its host', () => {
    expect(again(['f00d'])).not.toContain('f00d');
  });
});
