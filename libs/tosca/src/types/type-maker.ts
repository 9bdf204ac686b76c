import type { Report } from '../finding.js';
import { FileScope } from '../imports/file-scope.js';
import type { Maker } from '../imports/file-scope.js';
import { loadBuiltIn } from '../imports/load-files.js';
import type { Definition, LoadedFile } from '../imports/loaded-file.js';
import type { Schema } from '../model/schema.js';
import type { ToscaType, TypeKind } from '../model/types.js';
import type { MapNode } from '../source/source-node.js';
import type { FunctionDefinition } from '../values/scope.js';
import type { Base } from './base.js';
import { makeDataType } from './make-data-type.js';
import {
  makeArtifactType,
  makeCapabilityType,
  makeGroupType,
  makeInterfaceType,
  makeNodeType,
  makePolicyType,
  makeRelationshipType,
} from './make-types.js';
import { readFunction } from './read-functions.js';
import { FoldBudget, nodeAt, TypeReader } from './type-reader.js';

/** Ancestors of one type; more is a text made to exhaust the stack. */
const MOST_ANCESTORS = 100;

/** Makes types of definitions, each when it is first asked for. Types of built-in files are made once per process. */
export class TypeMaker implements Maker {
  /** Every schema that the package's own files declare, with the file it is in. */
  readonly schemas = new Map<LoadedFile, Schema[]>();
  private readonly readers = new Map<LoadedFile, TypeReader>();
  private readonly budget = new FoldBudget();
  private depth = 0;

  make(definition: Definition): ToscaType | undefined {
    const { type, file, node } = definition;
    if (type === 'making') return undefined;
    if (type !== undefined) return type;
    if (file.builtIn && this !== BUILT_IN_TYPES) return BUILT_IN_TYPES.make(definition);
    definition.type = 'making';
    const reader = this.reader(file);
    const parent = this.parent(definition, reader);
    const base = {
      name: definition.name,
      place: definition.place,
      scope: reader.scope,
      node,
      description: '',
      open: parent.open || isOutlined(definition),
    };
    const description = nodeAt(node, 'description');
    if (description?.kind === 'scalar') base.description = description.text;
    const made = makeOfKind(definition.kind, base, parent.type, base.open ? reader.opened() : reader);
    definition.type = made;
    return made;
  }

  makeFunction(name: string, node: MapNode, file: LoadedFile): FunctionDefinition {
    return readFunction(name, node, this.reader(file));
  }

  normative(): LoadedFile {
    return loadBuiltIn(NORMATIVE);
  }

  reader(file: LoadedFile): TypeReader {
    let reader = this.readers.get(file);
    if (reader === undefined) {
      const schemas: Schema[] = [];
      reader = new TypeReader(new FileScope(file, this), file.report, this.budget, schemas);
      this.readers.set(file, reader);
      this.schemas.set(file, schemas);
    }
    return reader;
  }

  private parent(definition: Definition, reader: TypeReader): { type: ToscaType | undefined; open: boolean } {
    const named = nodeAt(definition.node, 'derived_from');
    if (named?.kind !== 'scalar') return { type: undefined, open: false };
    const ancestor = reader.scope.definition(definition.kind, named.text);
    if (ancestor?.type === 'making') {
      this.reportCycle(named.place, definition, reader.report);
      return { type: undefined, open: true };
    }
    if (this.depth >= MOST_ANCESTORS) {
      reader.report.add(named.place, {
        code: 'SOURCE_TOO_DEEP',
        message: `${definition.name.slice(0, 80)} derives from too many types in a row`,
        expected: `at most ${MOST_ANCESTORS}`,
      });
      return { type: undefined, open: true };
    }
    this.depth += 1;
    const type = reader.type(definition.kind, named);
    this.depth -= 1;
    // Its name is unknown: either that was reported, or it is in a file that was not read.
    return { type, open: type === undefined || type.open };
  }

  private reportCycle(place: number, { name }: Definition, report: Report): void {
    report.add(place, {
      code: 'TYPE_CYCLE',
      message: `${name.slice(0, 120)} derives, through others or itself, from itself`,
      expected: 'a type that does not derive from this one',
    });
  }
}

/** Of a built-in type: the standard says more of it than we do. */
function isOutlined({ file, node }: Definition): boolean {
  const metadata = file.builtIn ? nodeAt(node, 'metadata') : undefined;
  return metadata?.kind === 'map' && metadata.entries.has('outlined');
}

function makeOfKind(
  kind: TypeKind,
  base: Base,
  parent: ToscaType | undefined,
  reader: TypeReader,
): ToscaType {
  switch (kind) {
    case 'node':
      return makeNodeType(base, parent?.kind === 'node' ? parent : undefined, reader);
    case 'relationship':
      return makeRelationshipType(base, parent?.kind === 'relationship' ? parent : undefined, reader);
    case 'capability':
      return makeCapabilityType(base, parent?.kind === 'capability' ? parent : undefined, reader);
    case 'interface':
      return makeInterfaceType(base, parent?.kind === 'interface' ? parent : undefined, reader);
    case 'data':
      return makeDataType(base, parent?.kind === 'data' ? parent : undefined, reader);
    case 'artifact':
      return makeArtifactType(base, parent?.kind === 'artifact' ? parent : undefined, reader);
    case 'group':
      return makeGroupType(base, parent?.kind === 'group' ? parent : undefined, reader);
    case 'policy':
      return makePolicyType(base, parent?.kind === 'policy' ? parent : undefined, reader);
  }
}

const NORMATIVE = 'simple-2.0/profile.yaml';

const BUILT_IN_TYPES = new TypeMaker();
