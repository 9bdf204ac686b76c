import type { Primitive } from '../model/schema.js';
import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';

const BOTH = [
  'string',
  'integer',
  'float',
  'boolean',
  'timestamp',
  'version',
  'range',
  'list',
  'map',
] as const;

const OF_1 = [
  ...BOTH,
  'scalar-unit.size',
  'scalar-unit.time',
  'scalar-unit.frequency',
  'scalar-unit.bitrate',
] as const satisfies readonly Primitive[];

const OF_2 = [...BOTH, 'bytes', 'nil', 'scalar'] as const satisfies readonly Primitive[];

/** The types that a version has built in. */
export function primitiveNames(version: ToscaVersion): readonly Primitive[] {
  return isAtLeast(version, 'tosca_2_0') ? OF_2 : OF_1;
}

/** Of 1.x alone. */
export function isPrimitiveOf1(name: string): boolean {
  return OF_1.some((each) => each === name) && !BOTH.some((each) => each === name);
}

/** 1.x has no name for the type of null; files that need one write `null`. Early files also write `int`. */
export function primitiveNamed(name: string, version: ToscaVersion): Primitive | undefined {
  if (name === 'null' && !isAtLeast(version, 'tosca_2_0')) return 'nil';
  if (name === 'int' && !isAtLeast(version, 'tosca_simple_yaml_1_3')) return 'integer';
  return primitiveNames(version).find((each) => each === name);
}
