import { describe, expect, it } from '@jest/globals';
import { read } from './values.spec-support.js';

const ONE = 'tosca_simple_yaml_1_3';
const TWO = 'tosca_2_0';
const MISMATCH = ['TYPE_MISMATCH'];

const BITRATE = `
PositiveInteger: { derived_from: integer, validation: { $greater_or_equal: [ $value, 1 ] } }
Bitrate:
  derived_from: scalar
  data_type: integer
  units: { bits/s: 1, kbits/s: 1000, Kibits/s: 1024, Mbits/s: 1000000 }
Length: { derived_from: scalar, units: { m: 1.0, mm: 0.001, cm: 0.01 } }
`;

describe('scalars of every version', () => {
  it.each<[string, string, unknown]>([
    ['integer', '1', 1],
    ['integer', '-1', -1],
    ['integer', '+1', 1],
    ['integer', '0xFFFF0000', 0xffff0000],
    ['integer', '0o755', 0o755],
    ['integer', '9223372036854775807', 2 ** 63],
    ['integer', '9223372036854775808', MISMATCH],
    ['integer', '-9223372036854775809', MISMATCH],
    ['integer', '1.5', MISMATCH],
    ['integer', 'one', MISMATCH],
    ['integer', 'true', MISMATCH],
    ['integer', '[1]', MISMATCH],
    ['float', '0.1', 0.1],
    ['float', '10', 10],
    ['float', '-.inf', -Infinity],
    ['float', '.NaN', Number.NaN],
    ['float', '1.23015e+3', 1230.15],
    ['float', '"0.1.2"', MISMATCH],
    ['boolean', 'true', true],
    ['boolean', 'false', false],
    ['boolean', '0', MISMATCH],
    ['boolean', 'maybe', MISMATCH],
    ['string', 'text', 'text'],
    ['string', '""', ''],
    ['string', '"0.1"', '0.1'],
    ['string', '{a: b}', MISMATCH],
    ['bytes', '""', ''],
    ['bytes', 'R0lGODlh', 'R0lGODlh'],
    ['bytes', '"R0lG\\\n  ODlh"', 'R0lGODlh'],
    ['bytes', 'R0lGODl', MISMATCH],
    ['bytes', '"R0l!"', MISMATCH],
    ['nil', 'null', null],
    ['nil', '0', MISMATCH],
    ['timestamp', '"2025-04-12T23:20:50.52Z"', '2025-04-12T23:20:50.52Z'],
    ['timestamp', '1996-12-19t16:39:57-08:00', '1996-12-19t16:39:57-08:00'],
    ['timestamp', '"1990-12-31T15:59:60-08:00"', '1990-12-31T15:59:60-08:00'],
    ['timestamp', '"2000-02-29"', '2000-02-29'],
    ['timestamp', '"2001-02-29"', MISMATCH],
    ['timestamp', '"2015-04-115T02:59:43.1Z"', MISMATCH],
    ['timestamp', '"2015-13-01T02:59:43Z"', MISMATCH],
    ['timestamp', '"2015-01-01T24:00:00Z"', MISMATCH],
    ['timestamp', 'soon', MISMATCH],
    ['version', '"6.1"', '6.1'],
    ['version', '6.10', '6.10'],
    ['version', '2.0.1', '2.0.1'],
    ['version', '3.1.0.beta', '3.1.0.beta'],
    ['version', '1.0.0.alpha-10', '1.0.0.alpha-10'],
    ['version', '"0.0"', '0.0'],
    ['version', '0.0.0.abc', MISMATCH],
    ['version', '18.x', MISMATCH],
    ['version', '18.0.a', MISMATCH],
    ['version', '18-2', MISMATCH],
    ['version', '18.0.1.abc-x', MISMATCH],
    ['version', '18.0.0-1', MISMATCH],
    ['range', '[1, 4]', [1, 4]],
    ['range', '[1, UNBOUNDED]', [1, Infinity]],
    ['range', '[4, 1]', MISMATCH],
    ['range', '[1]', MISMATCH],
    ['range', '[1, 2, 3]', MISMATCH],
    ['range', '[1, x]', MISMATCH],
    ['range', '3', MISMATCH],
    ['any', '{a: [1, b]}', { a: [1, 'b'] }],
  ])('%s: %s', (schema, text, expected) => {
    expect(read(ONE, schema, text)).toEqual(expected);
    expect(read(TWO, schema, text)).toEqual(expected);
  });
});

describe('what 1.x takes and 2.0 does not', () => {
  it.each<[string, string, unknown]>([
    ['boolean', 'False', false],
    ['boolean', 'yes', true],
    ['boolean', '"true"', true],
    ['integer', '"12"', 12],
    ['integer', '1.0', 1],
    ['float', '"0.1"', 0.1],
    ['string', '0.10', '0.10'],
    ['string', 'true', 'true'],
    ['timestamp', '"2001-12-14 21:59:43.10"', '2001-12-14 21:59:43.10'],
    ['timestamp', '"2015-04-01 21:59:43.10 -5"', '2015-04-01 21:59:43.10 -5'],
    ['version', '18', '18'],
  ])('%s: %s', (schema, text, expected) => {
    expect(read(ONE, schema, text)).toEqual(expected);
    expect(read(TWO, schema, text)).toEqual(MISMATCH);
  });

  it('takes no number for the text of an entry, as its tools do', () => {
    expect(read(ONE, '{type: list, entry_schema: string}', '[a, 1]')).toEqual(MISMATCH);
    expect(read(ONE, '{type: map, entry_schema: string}', '{a: 1}')).toEqual(MISMATCH);
  });

  it('reads nothing as no value where none is required', () => {
    expect(read(ONE, '{type: integer, required: false}', '')).toBeNull();
    expect(read(ONE, '{type: integer, default: 3}', '~')).toBe(3);
    expect(read(ONE, 'integer', 'null')).toBe('UNRESOLVED');
    expect(read(TWO, '{type: string, required: false}', '')).toEqual(MISMATCH);
  });

  it('takes a YAML type that is none of the core ones for what is written', () => {
    expect(read(ONE, 'bytes', '!!binary "R0lGODlh"')).toBe('R0lGODlh');
    expect(read(TWO, 'bytes', '!!binary "R0lGODlh"')).toEqual(MISMATCH);
    expect(read(TWO, 'timestamp', '!!timestamp 2001-12-14')).toEqual(MISMATCH);
    expect(read(TWO, 'string', '!!str 12')).toBe('12');
  });

  it('takes the qualifiers of semantic versions in 2.0', () => {
    expect(read(TWO, 'version', '1.2.3-beta4')).toBe('1.2.3-beta4');
    expect(read(ONE, 'version', '18.0.1-xyz')).toEqual(MISMATCH);
  });
});

describe('scalars with units', () => {
  it.each<[string, string, unknown]>([
    ['scalar-unit.size', '1024 MB', 1_024_000_000],
    ['scalar-unit.size', '1     GB', 1e9],
    ['scalar-unit.size', '1tiB', 2 ** 40],
    ['scalar-unit.size', '1 kib', 1024],
    ['scalar-unit.size', '"4 GB"', 4e9],
    ['scalar-unit.size', 'MB', MISMATCH],
    ['scalar-unit.size', '1 QB', MISMATCH],
    ['scalar-unit.size', '1024', MISMATCH],
    ['scalar-unit.size', '-1 MB', MISMATCH],
    ['scalar-unit.time', '500 ms', 0.5],
    ['scalar-unit.time', '1 d', 86_400],
    ['scalar-unit.time', '0.5 M', 30],
    ['scalar-unit.frequency', '2.5 GHz', 2.5e9],
    ['scalar-unit.frequency', '123e3 kHz', 123e6],
    ['scalar-unit.frequency', '50.3.6 GHZ', MISMATCH],
    ['scalar-unit.bitrate', '1 Mbps', 1e6],
    ['scalar-unit.bitrate', '1 MBps', 8e6],
    ['scalar-unit.bitrate', '1 kibPS', 1024],
    ['scalar-unit.bitrate', '1 MB', MISMATCH],
  ])('%s: %s', (schema, text, expected) => {
    expect(read(ONE, schema, text)).toEqual(expected);
  });

  it.each<[string, string, unknown]>([
    ['Bitrate', '10 Kibits/s', 10_240],
    ['Bitrate', '0x10 bits/s', 16],
    ['Bitrate', '1.5 Mbits/s', MISMATCH],
    ['Bitrate', '10 kibits/s', MISMATCH],
    ['Bitrate', '10', MISMATCH],
    ['Bitrate', 'Mbits/s', MISMATCH],
    ['Bitrate', '10Mbits/s', MISMATCH],
    ['Length', '0.5 m', 0.5],
    ['Length', '-1e2 cm', -1],
    ['{type: Length, validation: {$less_than: [$value, 15 cm]}}', '125.3 mm', expect.closeTo(0.1253)],
    ['{type: Length, validation: {$less_than: [$value, 15 cm]}}', '1 m', ['CONSTRAINT_VIOLATED']],
    [
      '{type: Bitrate, validation: {$greater_than: [$value, 1 Mbits/s]}}',
      '1 kbits/s',
      ['CONSTRAINT_VIOLATED'],
    ],
    ['{type: Length, validation: {$greater_or_equal: [$value, 0.0]}}', '1 m', 1],
  ])('2.0 %s: %s', (schema, text, expected) => {
    expect(read(TWO, schema, text, BITRATE)).toEqual(expected);
  });
});
