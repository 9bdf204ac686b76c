import { Findings } from '../finding.js';
import type { Finding } from '../finding.js';
import { FileLoader } from '../imports/load-files.js';
import type { ToscaType, TypeKind, TypesByKind } from '../model/types.js';
import { Sources } from '../source/sources.js';
import { ValueChecker } from '../values/value-checker.js';
import { checkTypes } from './check-types.js';
import { TypeMaker } from './type-maker.js';

export const VERSIONS = [
  'tosca_simple_yaml_1_0',
  'tosca_simple_yaml_1_1',
  'tosca_simple_yaml_1_2',
  'tosca_simple_yaml_1_3',
  'tosca_2_0',
] as const;

export interface CheckedTypes {
  findings: Finding[];
  types: ToscaType[];
  /** A type of the entry by name. */
  find<Kind extends TypeKind>(kind: Kind, name: string): TypesByKind[Kind];
}

/** Loads files and checks their types, without templates. The first file is the entry. */
export function checkFiles(files: Readonly<Record<string, string>>): CheckedTypes {
  const sources = new Sources();
  const findings = new Findings(sources);
  const loader = new FileLoader(sources, (path) => files[path], findings);
  const entry = loader.loadEntry(Object.keys(files)[0] ?? '');
  const maker = new TypeMaker();
  const types = checkTypes(loader.loaded, maker, new ValueChecker(findings));
  return {
    findings: findings.all(),
    types,
    find(kind, name) {
      const found = entry && maker.reader(entry).scope.find(kind, name);
      if (found === undefined) throw new Error(`no ${kind} type ${name}`);
      return found;
    },
  };
}

export function checkText(version: string, text: string): CheckedTypes {
  return checkFiles({ 'main.yaml': `tosca_definitions_version: ${version}\n${text}` });
}

/** Errors as `CODE line`, warnings as `(CODE line)`. */
export function brief({ findings }: { findings: readonly Finding[] }): string[] {
  return findings.map(({ code, line, severity }) =>
    severity === 'error' ? `${code} ${line}` : `(${code} ${line})`,
  );
}
