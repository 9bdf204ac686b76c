import { describe } from '@jest/globals';
import { describeContract, judgeAsConfigured } from './contract.spec-support.js';
import { FakeKernel } from './fake-kernel.js';

describe('FakeKernel', () => {
  describeContract(async () => {
    const fake = new FakeKernel(judgeAsConfigured);
    return {
      kernel: () => fake,
      createDevice: async (device) => fake.createDevice(device),
      deleteDevice: async (device) => fake.deleteDevice(device),
      attachForeign: async (device, hook) => {
        const programId = fake.attachForeign(device, hook, 'uwt_foreign');
        return { programId, detach: async () => fake.detachForeign(programId) };
      },
      damageInstance: async (key) => fake.damageInstance(key, 'pin prog is missing'),
      detachLink: async (device, hook) => fake.disturbRoot(device, hook, 'detach'),
      replaceNext: async (device, hook) => fake.disturbRoot(device, hook, 'replace-next'),
      close: async () => {},
      elf: new Uint8Array(),
    };
  });
});
