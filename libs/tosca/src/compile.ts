import { Findings } from './finding.js';
import type { Finding } from './finding.js';
import { FileLoader } from './imports/load-files.js';
import type { ReadFile } from './imports/load-files.js';
import type { LoadedFile } from './imports/loaded-file.js';
import type { ToscaFile, TypeModel } from './model/model.js';
import { Sources } from './source/sources.js';
import { checkTypes } from './types/check-types.js';
import { TypeMaker } from './types/type-maker.js';
import { ValueChecker } from './values/value-checker.js';

export interface CompileRequest {
  /** The path of the file to begin with. */
  entry: string;
  read: ReadFile;
}

export interface CompiledTosca {
  /** Undefined where the entry could not be read; otherwise what is left of it where findings say that it is wrong. */
  model: TypeModel | undefined;
  findings: Finding[];
}

/** Compiles a file of TOSCA and all that it imports. It never throws for what a text holds. */
export function compileTosca({ entry, read }: CompileRequest): CompiledTosca {
  const sources = new Sources();
  const findings = new Findings(sources);
  const loader = new FileLoader(sources, read, findings);
  const file = loader.loadEntry(entry);
  if (file === undefined) return { model: undefined, findings: findings.all() };
  const maker = new TypeMaker();
  const values = new ValueChecker(findings);
  const types = checkTypes(loader.loaded, maker, values);
  const files = loader.loaded.map((each) => toscaFile(each, maker));
  const [first] = files;
  if (first === undefined) return { model: undefined, findings: findings.all() };
  return { model: { entry: first, files, types }, findings: findings.all() };
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
