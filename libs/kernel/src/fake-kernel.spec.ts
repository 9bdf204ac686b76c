import { describe } from '@jest/globals';
import { describeContract, judgeAsConfigured, type KernelWorld } from './contract.spec-support.js';
import { FakeKernel } from './fake-kernel.js';
import { describeStateContract } from './state-contract.spec-support.js';

describe('FakeKernel', () => {
  describeContract(openFake);
  describeStateContract(openFake);
});

async function openFake(): Promise<KernelWorld> {
  const fake = new FakeKernel(judgeAsConfigured);
  return {
    kernel: () => fake,
    createDevice: async (device) => fake.createDevice(device),
    deleteDevice: async (device) => fake.deleteDevice(device),
    attachForeign: async (device, hook) => {
      const programId = fake.attachForeign(device, hook, 'uwt_foreign');
      return { programId, detach: async () => fake.detachForeign(programId) };
    },
    remember: async (key, map, entry, value) => fake.remember(key, map, entry, value),
    remembered: async (key, map) => fake.remembered(key, map),
    damageInstance: async (key) => fake.damageInstance(key, 'pin prog is missing'),
    detachLink: async (device, hook) => fake.disturbRoot(device, hook, 'detach'),
    replaceNext: async (device, hook) => fake.disturbRoot(device, hook, 'replace-next'),
    close: async () => {},
    elf: new Uint8Array(),
  };
}
