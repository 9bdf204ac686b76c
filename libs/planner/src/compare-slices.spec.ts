import { expect, it } from '@jest/globals';
import type { DesiredInstance, HostSlice } from '@underware/core';
import { compareSlices } from './compare-slices.js';
import { plan } from './plan.js';
import { CATALOG, example, host, NOW, OPTIONS } from './plan.spec-support.js';

const graph = example('web-behind-firewall');
const inventory = { hosts: [host('h1'), host('h2')] };
const slice = (changed = graph): HostSlice => {
  const found = plan(changed, inventory, CATALOG, OPTIONS, NOW).slices['h2'];
  if (found === undefined) throw new Error('h2 has nothing');
  return found;
};
const marks = (old: HostSlice, now: HostSlice): string[] =>
  compareSlices(old, now).map(({ mark, what, name, detail }) => `${mark} ${what} ${name}: ${detail}`);

/** The same slice with its guard changed. */
function withGuard(change: Partial<DesiredInstance>): HostSlice {
  const made = slice();
  const instances = made.instances.map((each) =>
    each.underservice === 'guard' ? { ...each, ...change } : each,
  );
  return { ...made, instances };
}

/** As a database gives it back: the keys of every object in another order. */
function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, each]) => [key, reordered(each)]),
  );
}

it('says nothing of what stays, however it was stored', () => {
  expect(marks(reordered(slice()) as HostSlice, slice())).toEqual([]);
});

it('tells an instance that is replaced from one that only moves in its chain', () => {
  expect(marks(slice(), withGuard({ order: 350, residency: 'persistent' }))).toEqual([
    '~ instance guard on web_port tcx/egress: place in the chain 300 → 350, residency dynamic → persistent',
  ]);
  const underservices = graph.underservices.map((each) =>
    each.name === 'guard' ? { ...each, model: { ...each.model, default: 'allow' } } : each,
  );
  expect(marks(slice(), slice({ ...graph, underservices }))).toEqual([
    '↻ instance guard on web_port tcx/egress: other config',
  ]);
  const [plugin] = slice().instances.map((each) => each.plugin);
  const rebuilt = { ...plugin, name: 'firewall', version: '0.1.0', digest: 'sha256:0' };
  expect(marks(slice(), withGuard({ plugin: rebuilt, key: 'other' }))).toEqual([
    '↻ instance guard on web_port tcx/egress: another build of firewall@0.1.0',
  ]);
});

it('says what of a workload is another, and that it is started again', () => {
  const vnfs = graph.vnfs.map((each) =>
    each.name === 'web'
      ? { ...each, memoryBytes: 63_000_000, environment: { MODE: 'x' }, image: 'other:2' }
      : each,
  );
  expect(marks(slice(), slice({ ...graph, vnfs }))).toEqual([
    '~ workload web: other environment, image localhost/underware-demo:1 → other:2, memoryBytes 64000000 → 63000000, it is started again',
  ]);
});

it('says what of a port is another', () => {
  const links = graph.links.map((each) => ({ ...each, mtu: 1400 }));
  expect(marks(slice(), slice({ ...graph, links }))).toEqual(['~ port web_port: mtu 1500 → 1400']);
});
