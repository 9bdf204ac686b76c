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
