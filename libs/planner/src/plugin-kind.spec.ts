import { expect, test } from '@jest/globals';
import { pluginKinds, wantedKind } from './plugin-kind.js';

test('a plugin is found by what it implements', () => {
  const firewall = { name: 'uwt-wall', version: '1.0.0', implements: 'firewall' };
  expect(pluginKinds(firewall)).toContain(wantedKind({ kind: 'firewall', model: { plugin: 'other' } }));
});

test('a program of others is found by its name, with its version or without', () => {
  const filter = { name: 'uwt-filter', version: '1.0.0', implements: 'program' };
  const found = (plugin: string) =>
    pluginKinds(filter).includes(wantedKind({ kind: 'program', model: { plugin } }));
  expect([found('uwt-filter'), found('uwt-filter@1.0.0')]).toEqual([true, true]);
  expect([found('uwt-filter@1.0.1'), found('other')]).toEqual([false, false]);
});
