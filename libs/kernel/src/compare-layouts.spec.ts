import { describe, expect, it } from '@jest/globals';
import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { compareLayouts, differenceText, moveBytes } from './compare-layouts.js';
import { fingerprint, type Field, type Layout, type MapLayout } from './map-layout.js';

const SIZES: Record<string, number> = { u8: 1, u16: 2, u32: 4, u64: 8 };

function scalar(text: string): Layout {
  return { kind: 'scalar', text, size: SIZES[text] ?? 8 };
}

function struct(...fields: [name: string, layout: Layout][]): Layout {
  let size = 0;
  const placed = fields.map(([name, layout]): Field => {
    const field = { name, bitOffset: size * 8, bitSize: 0, layout };
    size += layout.size;
    return field;
  });
  return { kind: 'struct', fields: placed, size };
}

function array(of: Layout, count: number): Layout {
  return { kind: 'array', of, count, size: of.size * count };
}

function bits(name: string, bitOffset: number, bitSize: number): Field {
  return { name, bitOffset, bitSize, layout: scalar('u8') };
}

function hash(value: Layout, key: Layout = scalar('u32'), type = 'hash'): MapLayout {
  return { type, flags: 0, key, value };
}

/** What is said against it, one line each. */
function refusal(was: MapLayout, is: MapLayout): string[] {
  const found = compareLayouts(was, is);
  return found.kind === 'refused' ? found.differences.map(differenceText) : [];
}

describe('layouts of maps', () => {
  const tcp = struct(['state', scalar('u8')], ['seen', scalar('u64')]);

  it.each<[string, MapLayout, MapLayout]>([
    [
      'a field that came',
      hash(tcp),
      hash(struct(['state', scalar('u8')], ['seen', scalar('u64')], ['packets', scalar('u64')])),
    ],
    ['a field that went', hash(tcp), hash(struct(['seen', scalar('u64')]))],
    ['fields in another order', hash(tcp), hash(struct(['seen', scalar('u64')], ['state', scalar('u8')]))],
    [
      'a field that came inside another',
      hash(struct(['tcp', tcp])),
      hash(struct(['tcp', struct(['state', scalar('u8')], ['seen', scalar('u64')], ['rtt', scalar('u32')])])),
    ],
    [
      'more elements',
      hash(struct(['tries', array(scalar('u32'), 2)])),
      hash(struct(['tries', array(scalar('u32'), 4)])),
    ],
    ['other flags', hash(tcp), { ...hash(tcp), flags: 1 }],
  ])('can be copied for %s, and back', (_what, was, is) => {
    expect([refusal(was, is), refusal(is, was)]).toEqual([[], []]);
    expect(compareLayouts(was, is).kind).toBe('copied');
  });

  it.each<[string, MapLayout, MapLayout, string[]]>([
    [
      'another type of field',
      hash(tcp),
      hash(struct(['state', scalar('u8')], ['seen', scalar('u32')])),
      ['value.seen: was u64, is u32'],
    ],
    [
      'a field that may have another name now',
      hash(tcp),
      hash(struct(['state', scalar('u8')], ['last', scalar('u64')])),
      ['value.seen: was u64, is absent', 'value.last: was absent, is u64'],
    ],
    [
      'another key',
      hash(tcp),
      hash(tcp, struct(['port', scalar('u32')])),
      ['key: was u32, is struct of 4 bytes'],
    ],
    [
      'a key that grew',
      hash(tcp, struct(['port', scalar('u32')])),
      hash(tcp, struct(['port', scalar('u32')], ['vni', scalar('u32')])),
      ['key.vni: was absent, is u32'],
    ],
    ['another type of map', hash(tcp), hash(tcp, scalar('u32'), 'lru_hash'), ['type: was hash, is lru_hash']],
    [
      'what user space cannot copy',
      hash(tcp, scalar('u32'), 'queue'),
      hash(struct(['state', scalar('u8')]), scalar('u32'), 'queue'),
      ['layout: was that of a queue, which cannot be copied, is another'],
    ],
    [
      'one wrong field in many elements',
      hash(array(struct(['a', scalar('u32')]), 9)),
      hash(array(struct(['a', scalar('u16')]), 9)),
      ['value[].a: was u32, is u16'],
    ],
    [
      'bits that moved',
      hash({ kind: 'struct', fields: [bits('syn', 0, 1)], size: 1 }),
      hash({ kind: 'struct', fields: [bits('syn', 1, 1)], size: 1 }),
      ['value.syn: was 1 bits at bit 0, is 1 bits at bit 1'],
    ],
  ])('are refused for %s', (_what, was, is, lines) => {
    expect(refusal(was, is)).toEqual(lines);
  });

  it('have one fingerprint exactly where they are the same', () => {
    expect(fingerprint(hash(tcp))).toBe(fingerprint(structuredClone(hash(tcp))));
    expect(fingerprint(hash(tcp))).not.toBe(fingerprint({ ...hash(tcp), flags: 1 }));
  });

  /** A struct of numbers, by name, each a byte of its own value repeated, in any order. */
  it('keep every common field and zero the others, whatever came, went or moved', () => {
    const names = ['a', 'b', 'c', 'd', 'e', 'f'];
    const fields = fc.shuffledSubarray(names, { minLength: 1 });
    const types = fc.tuple(...names.map(() => fc.constantFrom(...Object.keys(SIZES))));
    fc.assert(
      fc.property(fields, fields, types, (before, after, chosen) => {
        const layoutOf = (name: string): Layout => scalar(chosen[names.indexOf(name)] ?? 'u8');
        const make = (list: string[]): Layout =>
          struct(...list.map((name): [string, Layout] => [name, layoutOf(name)]));
        const bytesOf = (list: string[], known: string[]): number[] =>
          list.flatMap((name) =>
            Array<number>(layoutOf(name).size).fill(known.includes(name) ? names.indexOf(name) + 1 : 0),
          );
        const found = compareLayouts(hash(make(before)), hash(make(after)));
        const lostAndCame = before.some((n) => !after.includes(n)) && after.some((n) => !before.includes(n));
        assert.equal(found.kind === 'refused', lostAndCame);
        if (found.kind !== 'copied') return;
        const moved = moveBytes(found.value, Uint8Array.from(bytesOf(before, names)), make(after).size);
        assert.deepEqual([...moved], bytesOf(after, before));
      }),
    );
  });
});
