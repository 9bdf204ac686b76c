import { UnderwareError, type DesiredInstance } from '@underware/core';

const KEY = /^([0-9a-f]{16})-([0-9a-f]{8})$/;
const DIGEST = /^sha256:([0-9a-f]{64})$/;

export interface Identity {
  pluginDigest: Uint8Array;
  instance: Uint8Array;
  revision: Uint8Array;
}

/** Key and digest as the bytes of `struct uw_identity`; INPUT_INVALID where they have another form. */
export function identityOf(instance: DesiredInstance): Identity {
  const key = KEY.exec(instance.key);
  const digest = DIGEST.exec(instance.plugin.digest);
  if (!key?.[1] || !key[2] || !digest?.[1]) {
    throw new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: 'load plugin instance',
      on: JSON.stringify(instance.key),
      why: 'a key is <16 hex>-<8 hex> and a digest sha256:<64 hex>',
      remedy: 'This is a defect in the planner: keep the plan and report it',
    });
  }
  return {
    pluginDigest: Buffer.from(digest[1], 'hex'),
    instance: Buffer.from(key[1], 'hex'),
    revision: Buffer.from(key[2], 'hex'),
  };
}

export function isInstanceKey(name: string): boolean {
  return KEY.test(name);
}
