import { beforeAll, describe, expect, it } from '@jest/globals';
import { compileFixture } from '../fixture.spec-support.js';
import { BpfObject } from '../object.js';
import type { Btf } from './btf.js';
import { BtfError } from './error.js';
import type { BtfValue } from './kinds.js';

let btf: Btf;
let config: number;

beforeAll(async () => {
  using object = await BpfObject.open(compileFixture('basic'));
  if (!object.btf) throw new Error('the fixture has no BTF');
  btf = object.btf;
  config = btf.find('config', 'struct') ?? 0;
});

function refusal(value: BtfValue): BtfError {
  try {
    btf.encode(config, value);
  } catch (error) {
    if (error instanceof BtfError) return error;
    throw error;
  }
  throw new Error('it was accepted');
}

describe('Btf', () => {
  it('encodes by field name to the layout of C', () => {
    const bytes = btf.encode(config, {
      verdict: 2,
      offset: -1,
      label: 'ab',
      mac: [1, 2, 3],
      low: 5,
      high: 31,
    });
    const view = new DataView(bytes.buffer);
    expect(bytes.length).toBe(56);
    expect([view.getUint32(0, true), view.getInt32(4, true)]).toEqual([2, -1]);
    expect([...bytes.subarray(16, 30)]).toEqual([97, 98, 0, 0, 0, 0, 0, 0, 1, 2, 3, 0, 0, 0]);
    expect(bytes[48]).toBe((31 << 3) | 5);
  });

  it('decodes what it encoded, and a decoded value encodes again', () => {
    const value = {
      verdict: 1,
      offset: -7,
      big: 2n ** 63n,
      label: 'firewall',
      mac: Uint8Array.from([1, 2, 3, 4, 5, 6]),
      color: 'BLUE',
      rules: [
        { port: 80, proto: 6 },
        { port: 53, proto: 17 },
      ],
      low: 7,
      high: 1,
      on: true,
    };
    const bytes = btf.encode(config, { ...value, v4: 0x01020304 });
    const decoded = btf.decode(config, bytes);
    expect(decoded).toEqual({ ...value, v4: 0x01020304, bytes: Uint8Array.from([4, 3, 2, 1]) });
    expect(btf.encode(config, decoded)).toEqual(bytes);
  });

  it('gives 64-bit numbers as number while they are exact, else as bigint', () => {
    for (const big of [2 ** 53 - 1, 2n ** 53n]) {
      expect(btf.decode(config, btf.encode(config, { big }))).toMatchObject({ big });
    }
  });

  it('takes bytes as hex and large numbers as decimal text, as JSON has them', () => {
    const large = btf.encode(config, { bytes: '0a0B0000', big: '9007199254740993' });
    expect(large).toEqual(btf.encode(config, { bytes: [10, 11, 0, 0], big: 2n ** 53n + 1n }));
    expect(refusal({ bytes: '0a0' }).message).toContain('bytes in hex expected');
    expect(refusal({ bytes: '0a0b0c0d0e' }).message).toContain('at most 4 bytes');
  });

  it('decodes an enum value without a name as number', () => {
    expect(btf.decode(config, btf.encode(config, { color: 3 }))).toMatchObject({ color: 3 });
  });

  it('refuses an unknown field with the nearest valid names', () => {
    const error = refusal({ verdct: 1 });
    expect(error.path).toBe('config');
    expect(error.validNames[0]).toBe('verdict');
    expect(error.message).toContain("there is no field 'verdct'; nearest: verdict");
  });

  it('names the place of an error within the value', () => {
    expect(refusal({ rules: [{ port: 1 }, { port: 65536 }] }).path).toBe('config.rules[1].port');
    expect(refusal({ color: 'GREN' }).validNames[0]).toBe('GREEN');
  });

  it.each<[string, BtfValue]>([
    ['a negative number for an unsigned field', { verdict: -1 }],
    ['a number that is not exact', { big: 2 ** 60 }],
    ['a fraction', { verdict: 1.5 }],
    ['text that is too long', { label: '123456789' }],
    ['too many elements', { rules: [{}, {}, {}] }],
    ['a bit field out of range', { low: 8 }],
    ['members of a union that contradict each other', { v4: 1, bytes: [2, 0, 0, 0] }],
    ['a list for a struct', []],
    ['text for a number', { verdict: '1' }],
  ])('refuses %s', (_, value) => {
    expect(refusal(value)).toBeInstanceOf(BtfError);
  });

  it('refuses bytes that are no BTF, and too few bytes for a type', () => {
    expect(() => (btf.constructor as typeof Btf).parse(new Uint8Array(64))).toThrow('not BTF');
    expect(() => btf.decode(config, new Uint8Array(8))).toThrow('56 bytes expected, got 8');
  });
});
