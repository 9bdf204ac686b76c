import { load } from 'js-yaml';
import { builtInFile, builtInImport } from './built-in-file.js';

type Mapping = Record<string, unknown>;

export const isMapping = (value: unknown): value is Mapping =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export const mappingAt = (value: unknown, key: string): Mapping => {
  const found = isMapping(value) ? value[key] : undefined;
  return isMapping(found) ? found : {};
};

export const listAt = (value: unknown, key: string): unknown[] => {
  const found = isMapping(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
};

/** Entry files of everything that is built in: with what they import, every text in every version. */
export const ENTRIES = [
  'simple-1.0/nodes.yaml',
  'simple-1.2/nodes.yaml',
  'simple-2.0/profile.yaml',
  'nfv/csd03/profile.yaml',
  'nfv/csd04/profile.yaml',
  'nfv/sol001-2/nsd.yaml',
  'nfv/sol001-4/nsd.yaml',
];

/** A built-in file and all that it imports, by name. */
export function closureOf(entry: string): Map<string, Mapping> {
  const files = new Map<string, Mapping>();
  const visit = (name: string) => {
    if (files.has(name)) return;
    const text = builtInFile(name);
    if (text === undefined) throw new Error(`${name} is not built in`);
    const content: unknown = load(text);
    if (!isMapping(content)) throw new Error(`${name} is no mapping`);
    files.set(name, content);
    for (const path of listAt(content, 'imports')) visit(builtInImport(name, String(path)));
  };
  visit(entry);
  return files;
}

/** The types of one section in a closure, by name; a name that two files define is an error. */
export function typesIn(files: ReadonlyMap<string, Mapping>, section: string): Map<string, Mapping> {
  const types = new Map<string, Mapping>();
  for (const [file, content] of files)
    for (const [name, definition] of Object.entries(mappingAt(content, section))) {
      if (types.has(name)) throw new Error(`${file}: ${name} is defined twice`);
      if (!isMapping(definition)) throw new Error(`${file}: ${name} is no mapping`);
      types.set(name, definition);
    }
  return types;
}
