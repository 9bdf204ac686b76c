import { Findings } from './finding.js';
import type { Finding, Report } from './finding.js';
import { FileLoader } from './imports/load-files.js';
import type { Profile, ReadFile } from './imports/load-files.js';
import type { LoadedFile } from './imports/loaded-file.js';
import type { ToscaFile, TypeModel } from './model/model.js';
import type { Topology } from './model/topology.js';
import type { MapNode } from './source/source-node.js';
import { Sources } from './source/sources.js';
import { checkTemplates, instantiateTemplate } from './templates/check-templates.js';
import type { TemplateSurroundings } from './templates/surroundings.js';
import { checkTypes } from './types/check-types.js';
import { readSchemas } from './types/read-schema.js';
import { TypeMaker } from './types/type-maker.js';
import type { FunctionDefinition, Lookup } from './values/scope.js';
import { ValueChecker } from './values/value-checker.js';

export interface CompileRequest {
  /** The path of the file to begin with. */
  entry: string;
  read: ReadFile;
  /** Values for the inputs of the entry's template; text may be as on a command line. */
  inputs?: Readonly<Record<string, unknown>>;
  /** Whether an input without value is a finding; it is none where a file is checked by itself. */
  inputsComplete?: boolean;
  /** Is there such a file in the package? Without it, files that artifacts name are not looked for. */
  hasFile?: (path: string) => boolean;
  /** Beside the built-in ones. */
  profiles?: readonly Profile[];
}

export interface CompiledFiles {
  /** Undefined where the entry could not be read; otherwise what is left of it where findings say that it is wrong. */
  model: TypeModel | undefined;
  /** The checked template of the entry, if it has one. */
  topology: Topology | undefined;
  /** A template of the compilation, with other values for its inputs: those of the node that it stands for. */
  instantiate(topology: Topology, inputs: Readonly<Record<string, unknown>>): Topology;
}

export interface CompiledTosca extends Omit<CompiledFiles, 'instantiate'> {
  findings: Finding[];
}

const NOTHING_READ: CompiledFiles = {
  model: undefined,
  topology: undefined,
  instantiate: (topology) => topology,
};

/** Compiles a file of TOSCA and all that it imports. It never throws for what a text holds. */
export function compileTosca(request: CompileRequest): CompiledTosca {
  const sources = new Sources();
  const findings = new Findings(sources);
  const { model, topology } = compileFiles(request, sources, findings);
  return { model, topology, findings: findings.all() };
}

/** The same for callers who go on to find more: the files are added to `sources`, findings to `report`. */
export function compileFiles(request: CompileRequest, sources: Sources, report: Report): CompiledFiles {
  const { entry, read, profiles } = request;
  const loader = new FileLoader(sources, read, report, profiles);
  const file = loader.loadEntry(entry);
  if (file === undefined) return NOTHING_READ;
  const maker = new TypeMaker();
  const values = new ValueChecker(report);
  const types = checkTypes(loader.loaded, maker, values);
  const loaded = new Map(loader.loaded.map((each) => [toscaFile(each, maker), each]));
  const files = [...loaded.keys()];
  const [first] = files;
  if (first === undefined) return NOTHING_READ;
  const surroundings: TemplateSurroundings = {
    report,
    values,
    parameters(of, owner, section) {
      const from = loaded.get(of);
      return from === undefined
        ? new Map()
        : readSchemas(owner, section, 'argument', undefined, maker.reader(from));
    },
    functions: (of, template) => functionsOf(loaded.get(of), template, maker),
    inputs: { values: request.inputs ?? {}, complete: request.inputsComplete ?? false },
    hasFile: request.hasFile,
  };
  const templates = checkTemplates(files, surroundings);
  return {
    model: { entry: first, files, types },
    topology: templates.get(first)?.topology,
    instantiate: (topology, inputs) =>
      instantiateTemplate(topology, inputs, templates, surroundings) ?? topology,
  };
}

/** Those of the file, and over them those of the template itself. */
function functionsOf(
  file: LoadedFile | undefined,
  template: MapNode,
  maker: TypeMaker,
): Lookup<FunctionDefinition> {
  if (file === undefined) return new Map();
  const ofFile = maker.reader(file).scope.functions;
  const own = template.entries.get('functions')?.node;
  if (own?.kind !== 'map') return ofFile;
  const made = new Map<string, FunctionDefinition>();
  for (const [name, { node }] of own.entries) {
    if (node.kind === 'map') made.set(name, maker.makeFunction(name, node, file));
  }
  return {
    get: (name) => made.get(name) ?? ofFile.get(name),
    keys: () => [...made.keys(), ...ofFile.keys()],
  };
}

function toscaFile(file: LoadedFile, maker: TypeMaker): ToscaFile {
  const template = ['service_template', 'topology_template']
    .map((key) => file.root.entries.get(key)?.node)
    .find((node) => node?.kind === 'map');
  const { path, version, root } = file;
  return {
    path,
    version,
    root,
    scope: maker.reader(file).scope,
    ...(template?.kind === 'map' ? { serviceTemplate: template } : {}),
  };
}
