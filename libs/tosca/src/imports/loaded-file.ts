import type { Report } from '../finding.js';
import type { ToscaType, TypeKind } from '../model/types.js';
import { TYPE_KINDS } from '../model/types.js';
import type { ToscaVersion } from '../model/version.js';
import type { MapNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

/** A type as a file defines it. */
export interface Definition {
  kind: TypeKind;
  name: string;
  /** Of its name. */
  place: Place;
  node: MapNode;
  file: LoadedFile;
  /** Made when it is first asked for; `making` while its ancestors are. */
  type?: ToscaType | 'making';
}

export interface LoadedImport {
  place: Place;
  /** The namespace its names go to. */
  prefix?: string;
  file: LoadedFile;
}

export interface LoadedFile {
  path: string;
  builtIn: boolean;
  version: ToscaVersion;
  root: MapNode;
  report: Report;
  definitions: Readonly<Record<TypeKind, ReadonlyMap<string, Definition>>>;
  /** In the order of the text; the implicit profile last. */
  imports: LoadedImport[];
  /** One of its own imports could not be read. */
  unread: boolean;
}

const SECTIONS: Readonly<Record<TypeKind, string>> = {
  artifact: 'artifact_types',
  data: 'data_types',
  capability: 'capability_types',
  interface: 'interface_types',
  relationship: 'relationship_types',
  node: 'node_types',
  group: 'group_types',
  policy: 'policy_types',
};

/** A file with nothing imported yet. */
export function loadedFile(
  path: string,
  builtIn: boolean,
  version: ToscaVersion,
  root: MapNode,
  report: Report,
): LoadedFile {
  const definitions: Record<TypeKind, Map<string, Definition>> = {
    artifact: new Map(),
    data: new Map(),
    capability: new Map(),
    interface: new Map(),
    relationship: new Map(),
    node: new Map(),
    group: new Map(),
    policy: new Map(),
  };
  const file: LoadedFile = { path, builtIn, version, root, report, definitions, imports: [], unread: false };
  for (const kind of TYPE_KINDS) {
    const section = root.entries.get(SECTIONS[kind])?.node;
    if (section?.kind !== 'map') continue;
    for (const [name, { keyPlace, node }] of section.entries) {
      // `name:` with nothing after it defines a type that adds nothing; what else is no mapping was reported.
      const body: MapNode = node.kind === 'map' ? node : { kind: 'map', place: keyPlace, entries: new Map() };
      definitions[kind].set(name, { kind, name, place: keyPlace, node: body, file });
    }
  }
  return file;
}
