import type { ToscaVersion } from '../model/version.js';
import type { ConstructName } from './construct-name.js';

type Plain =
  | 'any'
  | 'given'
  | 'text'
  | 'prose'
  | 'version'
  | 'scalar'
  | 'boolean'
  | 'range'
  | 'texts'
  | 'functionOrInteger';

/** What may stand at a keyname. An empty value (`inputs:` with nothing after it) is the same as none, everywhere. */
export type Shape =
  | { kind: Plain }
  /** A mapping of names to the shape. */
  | { kind: 'map'; of: Shape }
  /** In 2.0 a mapping of what anchors are at; 1.x leaves it open. */
  | { kind: 'anchored' }
  | { kind: 'list'; of: Shape }
  /** A list of mappings with one name each, as `requirements` are. */
  | { kind: 'pairs'; of: Shape }
  | { kind: 'either'; of: readonly Shape[] }
  | { kind: 'construct'; name: ConstructName };

/** A keyname of a construct; in every version unless `since` or `until` says otherwise. */
export interface Keyname {
  shape: Shape;
  since?: ToscaVersion;
  until?: ToscaVersion;
  mandatory?: true;
  /** Files that others accept go without it: it is missed with a warning. */
  missedOnly?: true;
  /** Mandatory only in versions up to this one, or from this one on. */
  mandatoryUntil?: ToscaVersion;
  mandatorySince?: ToscaVersion;
  /** What may stand there from 1.3 on, where earlier versions left it open. */
  strict?: Shape;
  /** 1.3 wants at least one entry where the keyname is written. */
  nonEmptyIn13?: true;
  /** Not written in 2.0 without anything after it. */
  presentIn2?: true;
  /** Not mandatory where this other keyname is present. */
  unless?: string;
  /** Not of the standard, but found in files that others accept: it is read, with a warning. */
  tolerated?: true;
  /** Of 1.x, but files of 2.0 have it as well: it is read, with a warning. */
  toleratedIn2?: true;
}

export interface Construct {
  /** With its article, for messages: `a node type`. */
  title: string;
  keys: Readonly<Record<string, Keyname>>;
  /** What may stand for the whole construct instead of a mapping. */
  short?: 'text' | 'any';
  /** In 1.x, an empty list stands for one that says nothing: VNFDs write the operations that do nothing so. */
  emptyListIn1?: true;
  /** In 1.x, every other keyname has this shape (operations in an interface). */
  othersIn1?: Shape;
  /** A mapping without any of its keynames is a value that stands for the construct. */
  value?: true;
  /** Keynames that are of no version but are often written for one that is. */
  instead?: Readonly<Record<string, string>>;
}

export const ANY: Shape = { kind: 'any' };
/** Anything, but in 2.0 not nothing. */
export const GIVEN: Shape = { kind: 'given' };
export const TEXT: Shape = { kind: 'text' };
/** A description: what is not text only looks like a description, and 2.0 does not take it. */
export const PROSE: Shape = { kind: 'prose' };
export const VERSION: Shape = { kind: 'version' };
export const SCALAR: Shape = { kind: 'scalar' };
export const BOOLEAN: Shape = { kind: 'boolean' };
export const RANGE: Shape = { kind: 'range' };
export const TEXTS: Shape = { kind: 'texts' };

export const map = (of: Shape | ConstructName): Shape => ({ kind: 'map', of: shapeOf(of) });
export const list = (of: Shape | ConstructName): Shape => ({ kind: 'list', of: shapeOf(of) });
export const pairs = (of: Shape | ConstructName): Shape => ({ kind: 'pairs', of: shapeOf(of) });
export const either = (...of: readonly Shape[]): Shape => ({ kind: 'either', of });

export const key = (shape: Shape | ConstructName, more: Omit<Keyname, 'shape'> = {}): Keyname => ({
  shape: shapeOf(shape),
  ...more,
});
export const must = (shape: Shape | ConstructName, more: Omit<Keyname, 'shape'> = {}): Keyname =>
  key(shape, { mandatory: true, ...more });

/** Of 1.x only, 2.0 only, and not of the standard. */
export const ONE = { until: 'tosca_simple_yaml_1_3' } as const;
export const ONE_THREE = { since: 'tosca_simple_yaml_1_3', until: 'tosca_simple_yaml_1_3' } as const;
export const TWO = { since: 'tosca_2_0' } as const;
export const THREE = { since: 'tosca_simple_yaml_1_3' } as const;
export const TOLERATED = { tolerated: true } as const;

function shapeOf(of: Shape | ConstructName): Shape {
  return typeof of === 'string' ? { kind: 'construct', name: of } : of;
}
