import { nearestName } from '@underware/core';
import type { Note, Report } from '../finding.js';
import type { ToscaFile } from '../model/model.js';
import type {
  Requirement,
  NodeTemplate,
  RelationshipTemplate,
  GroupTemplate,
  Workflow,
} from '../model/topology.js';
import type { NodeType, RelationshipType, TypeKind, TypesByKind } from '../model/types.js';
import type { ToscaVersion } from '../model/version.js';
import { clip } from '../values/shown.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';
import type { FunctionScope } from '../values/scope.js';
import type { ValueChecker } from '../values/value-checker.js';
import type { NodeEntity, RelationshipEntity, TemplateEntity } from './entities.js';

/** A node template while it is compiled: its result, what is written, and what functions see of it. */
export interface NodeDraft {
  template: NodeTemplate & { requirements: Requirement[]; substitutes: unknown[] };
  type: NodeType | undefined;
  /** With what it copies from another template. */
  map: MapNode;
  entity: NodeEntity;
}

export interface RelationshipDraft {
  template: RelationshipTemplate;
  type: RelationshipType | undefined;
  map: MapNode;
  entity: RelationshipEntity;
}

export interface GroupDraft {
  template: GroupTemplate;
  map: MapNode;
  entity: TemplateEntity;
}

/** What the checks of one service template share. */
export class TemplateContext {
  readonly nodes = new Map<string, NodeDraft>();
  readonly relationships = new Map<string, RelationshipDraft>();
  readonly groups = new Map<string, GroupDraft>();
  readonly workflows = new Map<string, Workflow>();

  constructor(
    readonly file: ToscaFile,
    readonly template: MapNode,
    readonly report: Report,
    readonly values: ValueChecker,
    /** Of what has no SELF. */
    readonly functions: FunctionScope,
    /** Is there such a file in the package? Undefined where that is not known. */
    readonly hasFile: ((path: string) => boolean) | undefined,
  ) {}

  get version(): ToscaVersion {
    return this.file.version;
  }

  get is2(): boolean {
    return this.file.version === 'tosca_2_0';
  }

  add(place: Place, note: Note): void {
    this.report.add(place, note);
  }

  /** The type that a keyname names; reported where there is none, unless it may be in a file that was not read. */
  type<Kind extends TypeKind>(kind: Kind, named: SourceNode | undefined): TypesByKind[Kind] | undefined {
    if (named?.kind !== 'scalar' || named.text === '') return undefined;
    const type = this.file.scope.find(kind, named.text);
    if (type === undefined && this.file.scope.complete) this.unknownType(kind, named.text, named.place);
    return type;
  }

  unknownType(kind: TypeKind, name: string, place: Place): void {
    this.add(place, {
      code: 'TYPE_UNKNOWN',
      message: `There is no ${kind} type ${clip(name)}`,
      expected: `the name of a ${kind} type`,
      nearest: () => nearestName(name, this.file.scope.names(kind)),
    });
  }
}
