import { nearestName } from '@underware/core';
import type { DataType } from '../model/schema.js';
import type { ScalarNode } from '../source/source-node.js';
import { readScalarUnit } from './scalar-unit.js';
import type { Value } from './scope.js';
import { readTimestamp } from './timestamp.js';
import { readVersion } from './version-value.js';

export type Reading = { value: Value } | { expected: string; nearest?: string | undefined };

/** How strictly a scalar is read. */
export interface Strictness {
  edition: '1.x' | '2.0';
  /** An entry or a field of a struct: tools of 1.x take any scalar for the text of a property, but not in there. */
  nested: boolean;
}

const NUMBER = /^[-+]?(?:\d+|0o[0-7]+|0x[\da-fA-F]+)$/;
const FLOAT = /^[-+]?(?:\.\d{1,30}|\d{1,30}(?:\.\d{0,30})?)(?:[eE][-+]?\d{1,3})?$/;
const BASE_64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/;
const LEAST_INTEGER = -(2n ** 63n);
const GREATEST_INTEGER = 2n ** 63n - 1n;
const YES = new Set(['true', 'yes', 'on', 'y']);
const NO = new Set(['false', 'no', 'off', 'n']);

/** A scalar of the text as a value of a type that is not a list, map, range or struct. */
export function readScalar(node: ScalarNode, type: DataType, how: Strictness): Reading {
  const strict = how.edition === '2.0';
  switch (type.primitive) {
    case 'string':
      return readString(node, how);
    case 'integer':
      return readInteger(node, strict);
    case 'float':
      return readFloat(node, strict);
    case 'boolean':
      return readBoolean(node, strict);
    case 'bytes':
      return readBytes(node);
    case 'nil':
      return node.value === null ? { value: null } : { expected: 'null' };
    case 'timestamp':
      return readTimestamp(node.text, !strict) === undefined || node.value === null
        ? { expected: 'a date and time of RFC 3339, such as "2030-01-31T08:00:00Z"' }
        : { value: node.text };
    case 'version':
      return readVersion(node.text, how.edition) === undefined || node.value === null
        ? { expected: '<major>.<minor>[.<fix>[.<qualifier>[-<build>]]]' }
        : { value: node.text };
    case 'scalar':
      return readScalarOf(node, type);
    case 'scalar-unit.size':
    case 'scalar-unit.time':
    case 'scalar-unit.frequency':
    case 'scalar-unit.bitrate': {
      const read = readScalarUnit(type.primitive, node.text);
      if ('value' in read) return read;
      const nearest = read.units && nearestName(read.unit ?? '', read.units);
      return { expected: read.expected, nearest };
    }
    case 'list':
    case 'map':
    case 'range':
      return { expected: `a ${type.primitive}` };
    default:
      return { value: node.value };
  }
}

function readString(node: ScalarNode, how: Strictness): Reading {
  if (typeof node.value === 'string') return { value: node.value };
  if (how.edition === '1.x' && !how.nested && node.value !== null) return { value: node.text };
  return { expected: 'text; quotes make it of a number, true, false or null' };
}

function readInteger(node: ScalarNode, strict: boolean): Reading {
  const number = strict || !node.quoted ? node.value : NUMBER.test(node.text) ? Number(node.text) : undefined;
  const written = NUMBER.test(node.text);
  // 2.0 keeps 1.0 for floats; tools of 1.x take it.
  if (typeof number !== 'number' || (strict ? !written : !Number.isInteger(number))) {
    return { expected: 'an integer' };
  }
  if (Number.isSafeInteger(number)) return { value: number };
  const exact = written ? BigInt(node.text.replace(/^[-+]/, '')) : BigInt(number);
  const signed = written && node.text.startsWith('-') ? -exact : exact;
  return signed < LEAST_INTEGER || signed > GREATEST_INTEGER
    ? { expected: 'an integer of 64 bits' }
    : { value: number };
}

function readFloat(node: ScalarNode, strict: boolean): Reading {
  if (typeof node.value === 'number') return { value: node.value };
  if (strict || !FLOAT.test(node.text)) return { expected: 'a number' };
  return { value: Number(node.text) };
}

function readBoolean(node: ScalarNode, strict: boolean): Reading {
  if (strict) {
    if (!node.quoted && node.text === 'true') return { value: true };
    if (!node.quoted && node.text === 'false') return { value: false };
    return { expected: 'true or false, in small letters and without quotes' };
  }
  const word = node.text.toLowerCase();
  if (YES.has(word)) return { value: true };
  if (NO.has(word)) return { value: false };
  return { expected: 'true or false' };
}

function readBytes(node: ScalarNode): Reading {
  if (typeof node.value !== 'string') return { expected: 'text in Base64' };
  const text = node.text.replaceAll(/\s/g, '');
  return BASE_64.test(text) ? { value: text } : { expected: 'text in Base64' };
}

const AMOUNT =
  /^([-+]?(?:0o[0-7]{1,30}|0x[\da-fA-F]{1,30}|(?:\.\d{1,30}|\d{1,30}(?:\.\d{0,30})?)(?:[eE][-+]?\d{1,3})?|\.inf))\s+(\S+)$/;

/** `<number> <unit>` of a scalar type of 2.0, in its canonical unit. */
function readScalarOf(node: ScalarNode, { units }: DataType): Reading {
  // The abstract `scalar` itself, or one whose units were refused.
  if (units === undefined) return { value: node.value };
  const match = AMOUNT.exec(node.text.trim());
  if (match === null) {
    return {
      expected: `a number, a space and a unit, such as ${units.integer ? '10' : '1.5'} ${units.canonical}`,
    };
  }
  const [, amount = '', unit = ''] = match;
  const factor = units.factors.get(unit);
  if (factor === undefined) {
    return {
      expected: `a unit out of ${[...units.factors.keys()].slice(0, 20).join(', ')}`,
      nearest: nearestName(unit, units.factors.keys()),
    };
  }
  if (units.integer && !NUMBER.test(amount)) return { expected: 'an integer before the unit' };
  return { value: numberOf(amount) * factor };
}

function numberOf(text: string): number {
  const sign = text.startsWith('-') ? -1 : 1;
  const bare = text.replace(/^[-+]/, '');
  return sign * (bare === '.inf' ? Infinity : Number(bare));
}
