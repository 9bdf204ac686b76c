import type { Scope } from '../model/types.js';
import type { TypeKind, TypesByKind } from '../model/types.js';
import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import { shortNamesOf } from '../profiles/short-names.js';
import { primitiveNamed, primitiveNames } from '../types/primitives.js';
import { primitiveSchema } from '../values/primitive-schema.js';
import type { FunctionDefinition } from '../values/scope.js';
import type { MapNode } from '../source/source-node.js';
import type { Definition, LoadedFile } from './loaded-file.js';

/** Makes the type or function of a definition; the same type at every call. */
export interface Maker {
  make(definition: Definition): TypesByKind[TypeKind] | undefined;
  makeFunction(name: string, node: MapNode, file: LoadedFile): FunctionDefinition;
  /** The file of the normative types in the words of 2.0. */
  normative(): LoadedFile;
}

/** How the names of a file are found in it and in what it imports. */
export class FileScope implements Scope {
  readonly file: string;
  readonly version: ToscaVersion;
  private readonly found = new Map<string, Definition | undefined>();
  private shortNames: Map<string, Definition> | undefined;
  private isComplete: boolean | undefined;
  private allFunctions: ReadonlyMap<string, FunctionDefinition> | undefined;

  constructor(
    private readonly loaded: LoadedFile,
    private readonly maker: Maker,
  ) {
    this.file = loaded.path;
    this.version = loaded.version;
  }

  get complete(): boolean {
    this.isComplete ??= [...reach(this.loaded)].every(({ file }) => !file.unread);
    return this.isComplete;
  }

  get functions(): ReadonlyMap<string, FunctionDefinition> {
    this.allFunctions ??= this.readFunctions();
    return this.allFunctions;
  }

  get repositories(): ReadonlySet<string> {
    const section = this.loaded.root.entries.get('repositories')?.node;
    return new Set(section?.kind === 'map' ? section.entries.keys() : []);
  }

  find<Kind extends TypeKind>(kind: Kind, name: string): TypesByKind[Kind] | undefined {
    const definition = this.definition(kind, name);
    // The definition is of the kind it was looked up by.
    if (definition !== undefined) return this.maker.make(definition) as TypesByKind[Kind] | undefined;
    if (kind !== 'data') return undefined;
    const primitive = primitiveNamed(name, this.version);
    return (primitive && primitiveSchema(primitive).type) as TypesByKind[Kind] | undefined;
  }

  definition(kind: TypeKind, name: string): Definition | undefined {
    const key = `${kind} ${name}`;
    if (this.found.has(key)) return this.found.get(key);
    const definition =
      lookUp(this.loaded, kind, name, new Set()) ?? this.shortNamed(key) ?? this.implied(kind, name);
    this.found.set(key, definition);
    return definition;
  }

  *names(kind: TypeKind): Iterable<string> {
    if (kind === 'data') yield* primitiveNames(this.version);
    for (const { prefix, file } of reach(this.loaded)) {
      for (const name of file.definitions[kind].keys()) yield `${prefix}${name}`;
    }
  }

  /** 1.x has short names for the normative types, which every file knows. */
  private shortNamed(key: string): Definition | undefined {
    if (isAtLeast(this.version, 'tosca_2_0')) return undefined;
    if (this.shortNames === undefined) {
      this.shortNames = new Map();
      for (const { prefix, file } of reach(this.loaded)) {
        if (!file.builtIn || prefix !== '') continue;
        for (const [kind, definitions] of Object.entries(file.definitions)) {
          for (const [name, definition] of definitions) {
            for (const short of shortNamesOf(name)) {
              const shortKey = `${kind} ${short}`;
              if (!this.shortNames.has(shortKey)) this.shortNames.set(shortKey, definition);
            }
          }
        }
      }
    }
    return this.shortNames.get(key);
  }

  /**
   * Drafts of 2.0 still had the normative types in every file, as `tosca:Compute`. Nothing else can be meant by that name
   * where a file imports nothing as `tosca`.
   */
  private implied(kind: TypeKind, name: string): Definition | undefined {
    if (!isAtLeast(this.version, 'tosca_2_0') || this.loaded.builtIn || !name.startsWith('tosca:'))
      return undefined;
    if (this.loaded.imports.some(({ prefix }) => prefix === 'tosca')) return undefined;
    return lookUp(this.maker.normative(), kind, name.slice('tosca:'.length), new Set());
  }

  private readFunctions(): ReadonlyMap<string, FunctionDefinition> {
    const functions = new Map<string, FunctionDefinition>();
    for (const { prefix, file } of reach(this.loaded)) {
      const section = file.root.entries.get('functions')?.node;
      if (section?.kind !== 'map') continue;
      for (const [name, { node }] of section.entries) {
        if (node.kind !== 'map' || functions.has(prefix + name)) continue;
        functions.set(prefix + name, this.maker.makeFunction(name, node, file));
      }
    }
    return functions;
  }
}

/** Where the name of a type is defined: in the file, in what it imports under no prefix, or under one that the name has. */
function lookUp(file: LoadedFile, kind: TypeKind, name: string, seen: Set<string>): Definition | undefined {
  const own = file.definitions[kind].get(name);
  if (own !== undefined) return own;
  const step = `${file.path} ${name}`;
  if (seen.has(step)) return undefined;
  seen.add(step);
  for (const { prefix, file: imported } of file.imports) {
    const rest = prefix === undefined ? name : withoutPrefix(name, prefix, file.version);
    const found = rest === undefined ? undefined : lookUp(imported, kind, rest, seen);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** 1.x never said how a prefix is joined to a name; both ways are in use. */
function withoutPrefix(name: string, prefix: string, version: ToscaVersion): string | undefined {
  if (!name.startsWith(prefix)) return undefined;
  const joint = name.charAt(prefix.length);
  if (joint !== ':' && (joint !== '.' || isAtLeast(version, 'tosca_2_0'))) return undefined;
  return name.slice(prefix.length + 1);
}

const MOST_REACHED = 5000;

/** A file and all that its names may come from, with the prefix that they have there. */
export function* reach(file: LoadedFile): Iterable<{ prefix: string; file: LoadedFile }> {
  const seen = new Set<string>();
  const waiting = [{ prefix: '', file }];
  for (const next of waiting) {
    const step = `${next.prefix} ${next.file.path}`;
    if (seen.has(step)) continue;
    seen.add(step);
    yield next;
    for (const imported of next.file.imports) {
      if (waiting.length >= MOST_REACHED) break;
      const prefix = imported.prefix === undefined ? '' : `${imported.prefix}:`;
      waiting.push({ prefix: next.prefix + prefix, file: imported.file });
    }
  }
}
