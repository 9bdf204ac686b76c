import { describe, expect, it } from '@jest/globals';
import * as fc from 'fast-check';
import { patternRefusal, violation } from './constraint.js';
import { nearestName } from './nearest.js';
import { UNRESOLVED } from './property-schema.js';
import type { PropertySchema } from './property-schema.js';
import { readProperties, readValue } from './read-properties.js';

const read = (value: unknown, schema: Partial<PropertySchema> & { type: string }) =>
  readValue(value, { description: '', ...schema }, new Map());

describe('values against their schema', () => {
  it.each<[unknown, string, unknown]>([
    ['128 MB', 'scalar-unit.size', 128_000_000],
    ['1.5 GiB', 'scalar-unit.size', 1_610_612_736],
    ['1 gib', 'scalar-unit.size', 1_073_741_824],
    ['250ms', 'scalar-unit.time', 0.25],
    [3, 'float', 3],
    ['x', 'string', 'x'],
  ])('%j as %s is %j', (value, type, expected) => {
    expect(read(value, { type })).toEqual({ value: expected, findings: [] });
  });

  it.each<[unknown, string]>([
    ['128', 'scalar-unit.size'],
    ['128 MX', 'scalar-unit.size'],
    ['-1 MB', 'scalar-unit.size'],
    [1.5, 'integer'],
    [2 ** 60, 'integer'],
    [8080, 'string'],
    ['true', 'boolean'],
    [{}, 'list'],
    [[], 'map'],
    [Number.NaN, 'float'],
  ])('%j is no %s', (value, type) => {
    expect(read(value, { type }).findings).toMatchObject([{ code: 'TYPE_MISMATCH' }]);
  });

  it('what is not known yet passes every check, also inside of lists', () => {
    const schema = { type: 'list', entrySchema: { type: 'string', description: '' } };
    expect(read([UNRESOLVED, 'a'], schema).findings).toEqual([]);
    expect(read(UNRESOLVED, { type: 'integer' }).findings).toEqual([]);
  });

  it('reports every property in one go', () => {
    const { findings, value } = readProperties(
      { nmae: 'x', size: 'big', level: 9 },
      {
        name: { type: 'string', description: 'a name' },
        size: { type: 'integer', description: '' },
        level: { type: 'integer', description: '', constraints: [{ kind: 'in_range', min: 1, max: 3 }] },
        mode: { type: 'string', description: '', default: 'slow' },
      },
      new Map(),
    );
    expect(findings.map(({ code, path }) => `${code} ${path.join('.')}`)).toEqual([
      'PROPERTY_UNKNOWN nmae',
      'TYPE_MISMATCH size',
      'CONSTRAINT_VIOLATED level',
      'PROPERTY_MISSING ',
    ]);
    expect(findings[0]?.nearest).toBe('name');
    expect(value['mode']).toBe('slow');
  });
});

describe('patterns', () => {
  it.each(['(a+)+$', '((a+))+', '(a|a)*', '([a-z]+)*x', '(a)\\1', 'a*b*c*d*', '('.repeat(600), '('])(
    'that may take exponential time or are broken are refused: %s',
    (pattern) => {
      expect(patternRefusal(pattern)).toBeDefined();
    },
  );

  it.each(['[a-z][a-z0-9-]*', '(([0-9]{1,3})\\.){3}[0-9]{1,3}', '(red|green)', '[+*]+', '\\(a+\\)+'])(
    'of the usual kind are evaluated: %s',
    (pattern) => {
      expect(patternRefusal(pattern)).toBeUndefined();
    },
  );

  it('match the whole text', () => {
    expect(violation({ kind: 'pattern', pattern: 'a|b' }, 'ab')).toBeDefined();
    expect(violation({ kind: 'pattern', pattern: 'a|b' }, 'b')).toBeUndefined();
  });
});

describe('the nearest name', () => {
  it.each([
    ['frirewall', 'firewall'],
    ['Firewall', 'firewall'],
    ['prode', 'probe'],
    ['zzz', undefined],
    ['x'.repeat(10_000), undefined],
  ])('to %.20s is %s', (name, expected) => {
    expect(nearestName(name, ['firewall', 'probe', 'router'])).toBe(expected);
  });

  it('does not depend on the order of candidates', () => {
    fc.assert(
      fc.property(fc.string(), fc.array(fc.string({ maxLength: 8 })), (name, candidates) => {
        expect(nearestName(name, candidates)).toBe(nearestName(name, candidates.toReversed()));
      }),
    );
  });
});
