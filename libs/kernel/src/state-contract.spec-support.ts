import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import type { ChainNode, DesiredInstance } from '@underware/core';
import {
  DEVICE,
  expectCode,
  TEST_MANIFEST,
  testInstance,
  type KernelWorld,
} from './contract.spec-support.js';
import type { Kernel } from './kernel.js';

const ROOT: ChainNode = { kind: 'root', device: DEVICE, hook: 'xdp' };

/** What a kernel keeps for the next revision of an instance, and for whom. */
export function describeStateContract(open: () => Promise<KernelWorld>): void {
  describe('contract about state', () => {
    let world: KernelWorld;
    let kernel: Kernel;

    beforeAll(async () => {
      world = await open();
    });
    afterAll(() => world.close());
    beforeEach(async () => {
      kernel = world.kernel();
      await kernel.clear();
      await world.createDevice(DEVICE);
    });

    const load = async (...instances: DesiredInstance[]): Promise<string[]> => {
      await Promise.all(instances.map((instance) => kernel.load(instance, world.elf, TEST_MANIFEST)));
      return instances.map((instance) => instance.key);
    };

    it('carries what an instance remembers to its next revision and back, and forgets it with the last', async () => {
      const [old = ''] = await load(testInstance(1, 'xdp'));
      await kernel.attachRoot(DEVICE, 'xdp');
      await kernel.setNext(ROOT, old);
      await world.remember(old, 'flows', 7, 70);
      const [fresh = ''] = await load(testInstance(1, 'xdp', { drop: 1 }));
      await world.remember(old, 'flows', 8, 80);
      expect(await world.remembered(fresh, 'flows')).toEqual({ 7: 70, 8: 80 });
      await kernel.setNext(ROOT, fresh);
      await kernel.unload(old);
      expect(await world.remembered(fresh, 'flows')).toEqual({ 7: 70, 8: 80 });
      await load(testInstance(1, 'xdp'));
      expect(await world.remembered(old, 'flows')).toEqual({ 7: 70, 8: 80 });
      await kernel.setNext(ROOT, null);
      await kernel.unload(old);
      await kernel.unload(fresh);
      await load(testInstance(1, 'xdp'));
      expect(await world.remembered(old, 'flows')).toEqual({});
    });

    it('lets instances remember together as far as the scope of a map says', async () => {
      const sibling = testInstance(2, 'tcx/egress');
      const stranger = { ...testInstance(3, 'xdp'), stateOwner: 'f'.repeat(16) };
      const plugin = { ...testInstance(4, 'xdp').plugin, name: 'uwt-other' };
      const [a = '', b = '', c = '', d = ''] = await load(testInstance(1, 'xdp'), sibling, stranger, {
        ...testInstance(4, 'xdp'),
        plugin,
      });
      for (const map of ['flows', 'pairs', 'blocked']) await world.remember(a, map, 1, 1);
      const known = async (map: string) =>
        Promise.all([a, b, c, d].map(async (key) => (await world.remembered(key, map))[1] ?? 0));
      expect(await known('flows')).toEqual([1, 0, 0, 0]);
      expect(await known('pairs')).toEqual([1, 1, 0, 0]);
      expect(await known('blocked')).toEqual([1, 1, 1, 0]);
      await kernel.unload(a);
      expect(await world.remembered(b, 'pairs')).toEqual({ 1: 1 });
      expect((await kernel.observe()).instances.every(({ intact }) => intact)).toBe(true);
    });

    it('remembers across damage, and forgets for the next user what no other shares', async () => {
      const [a = '', b = ''] = await load(testInstance(1, 'xdp'), testInstance(2, 'tcx/egress'));
      for (const map of ['flows', 'pairs', 'blocked']) await world.remember(a, map, 1, 1);
      await world.damageInstance(a);
      await load(testInstance(1, 'xdp'));
      expect(await world.remembered(a, 'flows')).toEqual({ 1: 1 });
      await kernel.empty(a);
      expect(await world.remembered(a, 'flows')).toEqual({});
      expect(await world.remembered(b, 'pairs')).toEqual({ 1: 1 });
      await kernel.unload(a);
      await kernel.empty(b);
      expect(await world.remembered(b, 'pairs')).toEqual({});
      expect(await world.remembered(b, 'blocked')).toEqual({});
    });

    it('wants to know whose maps an instance shares', async () => {
      const { stateOwner: _owner, ...lost } = testInstance(1, 'xdp');
      await expectCode(load(lost), 'INPUT_INVALID');
    });
  });
}
