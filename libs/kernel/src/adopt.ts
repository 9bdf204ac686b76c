import { join } from 'node:path';
import type { DesiredInstance, ThirdParty } from '@underware/core';
import { BpfMap, type BpfObject } from '@underware/libbpf';
import { lend } from './bpf-call.js';
import { identityOf } from './keys.js';

const KEY = new Uint8Array(4);

/**
 * Gives a loaded program that was not written against the engine what the engine looks for: its identity in a frozen map,
 * and a slot for what comes after it, which stays empty where it calls none. Bound to the program, the kernel holds both for
 * as long as it runs.
 */
export async function adopt(
  object: BpfObject,
  instance: DesiredInstance,
  { next }: ThirdParty,
  stage: string,
): Promise<void> {
  const { pluginDigest, instance: id, revision } = identityOf(instance);
  const identity = Buffer.concat([pluginDigest, id, revision]);
  await lend(object.program(instance.program), async (program) => {
    await lend(
      BpfMap.create({
        type: 'array',
        name: 'uw_identity',
        keySize: 4,
        valueSize: identity.byteLength,
        maxEntries: 1,
      }),
      async (map) => {
        await map.setRaw(KEY, identity);
        await map.freeze();
        program.bindMap(map);
        map.pin(join(stage, 'rodata'));
      },
    );
    if (next !== undefined) return;
    await lend(
      BpfMap.create({ type: 'prog_array', name: 'uw_next', keySize: 4, valueSize: 4, maxEntries: 1 }),
      (map) => {
        program.bindMap(map);
        map.pin(join(stage, 'maps', 'uw_next'));
      },
    );
  });
}
