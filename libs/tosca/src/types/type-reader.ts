import { nearestName } from '@underware/core';
import type { Note, Report } from '../finding.js';
import { isAbsent } from '../grammar/fits.js';
import type { FileScope } from '../imports/file-scope.js';
import { fits } from '../model/derivation.js';
import type { Schema } from '../model/schema.js';
import { TYPE_KINDS } from '../model/types.js';
import type { TypeKind, TypesByKind } from '../model/types.js';
import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import { isPrimitiveOf1 } from './primitives.js';

const ARTICLES: Readonly<Record<TypeKind, string>> = {
  artifact: 'an artifact type',
  data: 'a data type',
  capability: 'a capability type',
  interface: 'an interface type',
  relationship: 'a relationship type',
  node: 'a node type',
  group: 'a group type',
  policy: 'a policy type',
};

/** Entries that types may inherit in one compilation, all together: a page of text can stand for billions. */
export class FoldBudget {
  left = 2_000_000;
}

/** Reads the definitions of one file: looks its names up, reports what is wrong, remembers what is to be checked. */
export class TypeReader {
  readonly version: ToscaVersion;
  readonly isTwo: boolean;
  /** From 1.3 on the standard says what a refinement may change; files of before are only warned. */
  readonly isStrict: boolean;

  constructor(
    readonly scope: FileScope,
    readonly report: Report,
    readonly budget: FoldBudget,
    /** Every schema that this file declares, with its clauses and default still to be checked. */
    readonly schemas: Schema[],
    /** The type that is read has an ancestor that is not known: what seems to be missing may be inherited. */
    readonly open = false,
  ) {
    this.version = scope.version;
    this.isTwo = isAtLeast(this.version, 'tosca_2_0');
    this.isStrict = isAtLeast(this.version, 'tosca_simple_yaml_1_3');
  }

  /** The same, for a type with an ancestor that is not known. */
  opened(): TypeReader {
    return new TypeReader(this.scope, this.report, this.budget, this.schemas, true);
  }

  /** A keyname that must be there, unless it may be inherited from what is not known. */
  missing(place: Place, message: string, key: string, severity: 'error' | 'warning' = 'error'): void {
    if (this.open) return;
    this.report.add(place, { code: 'KEYWORD_MISSING', severity, message, expected: `${key}: …` });
  }

  /** The type that a node names; reports it where it is unknown and every file was read. */
  type<Kind extends TypeKind>(kind: Kind, node: SourceNode | undefined): TypesByKind[Kind] | undefined {
    if (node?.kind !== 'scalar' || isAbsent(node)) return undefined;
    const found = this.scope.find(kind, node.text);
    if (found === undefined) this.reportUnknown([kind], node.text, node.place);
    return found;
  }

  /** The types that a list names, each of the first kind that has it. */
  types<Kind extends TypeKind>(kinds: readonly Kind[], node: SourceNode | undefined): TypesByKind[Kind][] {
    if (node?.kind !== 'list') return [];
    return node.items.flatMap((item) => {
      if (item.kind !== 'scalar' || isAbsent(item)) return [];
      for (const kind of kinds) {
        const found = this.scope.find(kind, item.text);
        if (found !== undefined) return [found];
      }
      this.reportUnknown(kinds, item.text, item.place);
      return [];
    });
  }

  private reportUnknown(kinds: readonly TypeKind[], name: string, place: Place): void {
    if (!this.scope.complete) return;
    if (this.isTwo && kinds.includes('data') && isPrimitiveOf1(name)) return this.reportGone(name, place);
    const wanted = kinds.map((kind) => ARTICLES[kind]).join(' or ');
    const other = TYPE_KINDS.find((kind) => this.scope.definition(kind, name) !== undefined);
    this.report.add(place, {
      code: 'TYPE_UNKNOWN',
      // Early files use a type of one kind as one of another, and processors of them let it pass.
      ...(other === undefined || this.isStrict ? {} : { severity: 'warning' }),
      message:
        other === undefined
          ? `There is no ${wanted.replace(/^an? /, '')} ${name.slice(0, 120)}`
          : `${name.slice(0, 120)} is ${ARTICLES[other]}, not ${wanted}`,
      expected: wanted,
      nearest: () =>
        kinds.map((kind) => nearestName(name, this.scope.names(kind))).find((near) => near !== undefined),
    });
  }

  /** 2.0 leaves scalar units to profiles; files of it that bring none still use the names that 1.x had built in. */
  private reportGone(name: string, place: Place): void {
    this.report.add(place, {
      code: 'TYPE_UNKNOWN',
      severity: 'warning',
      message: `${name} is built into TOSCA 1.x, not into 2.0: its values are not checked`,
      expected: 'a data type that derives from scalar',
    });
  }

  /** What a refinement may not change: an error where the standard says so, a warning where it came later. */
  refinement(place: Place, note: Omit<Note, 'code' | 'severity'>): void {
    this.report.add(place, {
      code: 'REFINEMENT_INVALID',
      ...(this.isStrict ? {} : { severity: 'warning' }),
      ...note,
    });
  }

  /** A refined type must be the inherited one or derived from it. */
  checkRefined(place: Place, what: string, type: Derived | undefined, inherited: Derived | undefined): void {
    if (type === undefined || inherited === undefined || fits(type, inherited)) return;
    this.refinement(place, {
      message: `${what} is of type ${type.name}, which does not derive from the inherited ${inherited.name}`,
      expected: `${inherited.name} or a type derived from it`,
    });
  }

  /** Own entries over inherited ones, which come first; nothing own shares what is inherited. */
  fold<T>(
    inherited: ReadonlyMap<string, T> | undefined,
    own: ReadonlyMap<string, T>,
  ): ReadonlyMap<string, T> {
    if (inherited === undefined || inherited.size === 0) return own;
    if (own.size === 0) return inherited;
    this.budget.left -= inherited.size;
    if (this.budget.left < 0) return own;
    return new Map([...inherited, ...own]);
  }
}

interface Derived {
  name: string;
  open: boolean;
  parent?: Derived;
}

/** The mapping at a keyname; whatever else stands there was reported by the grammar. */
export function mapAt(node: MapNode, key: string): MapNode | undefined {
  const at = node.entries.get(key)?.node;
  return at?.kind === 'map' ? at : undefined;
}

export function nodeAt(node: MapNode, key: string): SourceNode | undefined {
  const at = node.entries.get(key)?.node;
  return isAbsent(at) ? undefined : at;
}

export function textAt(node: MapNode, key: string): string {
  const at = nodeAt(node, key);
  return at?.kind === 'scalar' ? at.text : '';
}
