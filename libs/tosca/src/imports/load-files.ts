import { nearestName } from '@underware/core';
import type { Report } from '../finding.js';
import { checkGrammar } from '../grammar/check-grammar.js';
import { isAbsent, isText } from '../grammar/fits.js';
import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import { builtInFile, builtInImport } from '../profiles/built-in-file.js';
import { DEFINITIONS_VERSIONS, dialectOf } from '../profiles/implicit-profile.js';
import { PROFILE_NAMES } from '../profiles/known-imports.js';
import { readSource } from '../source/read-source.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import { BUILT_IN_SOURCES } from '../source/sources.js';
import type { Place, Sources } from '../source/sources.js';
import { checkFile } from './check-file.js';
import { loadedFile } from './loaded-file.js';
import type { LoadedFile } from './loaded-file.js';
import { locateImport } from './locate-import.js';
import { readImports } from './read-imports.js';
import type { WrittenImport } from './read-imports.js';

/** The text of a file of the package; undefined where there is none. Paths are relative to the package, with slashes. */
export type ReadFile = (path: string) => string | undefined;

/**
 * A profile that the caller brings beside the built-in ones. Keep the object: its text is read once for all compilations
 * that are given it.
 */
export interface Profile {
  /** As `imports` names it: `- profile: NAME`. */
  name: string;
  text: string;
  /** Whether files know its names without importing it. */
  implicit: boolean;
}

/** Processors of files of before 1.3 let keys be there twice, and files in use rely on it. */
const EARLY = /^tosca_definitions_version:\s*["']?tosca_simple_(?:yaml_1_[012]|profile_for_nfv)/m;

const MOST_FILES = 500;
/** UTF-16 code units of all files together. */
const MOST_TEXT = 32 * 1024 * 1024;

/** Loads an entry file and all that it imports, each once. */
export class FileLoader {
  /** `undefined` where a file could not be read as TOSCA, which was reported. */
  private readonly files = new Map<string, LoadedFile | undefined>();
  private readonly loading = new Set<string>();
  private length = 0;
  private profile: string | undefined;

  constructor(
    private readonly sources: Sources,
    private readonly read: ReadFile,
    private readonly report: Report,
    private readonly profiles: readonly Profile[] = [],
  ) {}

  /** The files of the package that were read, the entry first. */
  get loaded(): LoadedFile[] {
    return [...this.files.values()].filter((file) => file !== undefined);
  }

  loadEntry(path: string): LoadedFile | undefined {
    const text = this.read(path);
    if (text !== undefined) return this.load(path, text, undefined);
    this.report.add(this.sources.add(path, ''), {
      code: 'IMPORT_MISSING',
      message: `There is no file ${path}`,
    });
    return undefined;
  }

  private load(path: string, text: string, importer: LoadedFile | undefined): LoadedFile | undefined {
    this.files.set(path, undefined);
    this.length += text.length;
    const duplicates = EARLY.test(text) ? 'warning' : 'error';
    const root = readSource(this.sources, path, text, this.report, { duplicates });
    if (root === undefined) return undefined;
    if (root.kind !== 'map') {
      this.reportEmpty(root.place);
      return undefined;
    }
    const dialect = this.dialectAt(root, importer);
    if (dialect === undefined) return undefined;
    checkGrammar(root, 'file', dialect.version, this.report);
    checkFile(root, dialect.version, this.report);
    const file = loadedFile(path, false, dialect.version, root, this.report);
    this.files.set(path, file);
    this.loading.add(path);
    for (const written of readImports(root, file.version, this.report)) this.import(file, written);
    this.loading.delete(path);
    // One compilation has one implicit profile: types of the same name in two of them are not the same type.
    if (dialect.profile !== undefined) {
      this.profile ??= dialect.profile;
      file.imports.push({ place: root.place, file: loadBuiltIn(this.profile) });
    }
    for (const profile of this.profiles) {
      if (profile.implicit) file.imports.push({ place: root.place, file: loadProfile(profile) });
    }
    return file;
  }

  private import(file: LoadedFile, written: WrittenImport): void {
    const { place, prefix, target } = written;
    const brought = this.profiles.find(({ name }) => name === target);
    if (written.profile && brought !== undefined) {
      file.imports.push({
        place,
        file: loadProfile(brought),
        ...(prefix === undefined ? {} : { prefix }),
      });
      return;
    }
    const location = locateImport(written, file.path, file.version, this.repositoryUrl(file, written));
    const add = (imported: LoadedFile | undefined): void => {
      if (imported !== undefined) this.checkVersions(file, imported, place);
      if (imported === undefined) file.unread = true;
      else file.imports.push({ place, file: imported, ...(prefix === undefined ? {} : { prefix }) });
    };
    for (const path of location.paths) {
      if (this.loading.has(path)) this.reportCycle(place, target);
      if (this.files.has(path)) return add(this.files.get(path));
      const text = this.read(path);
      if (text === undefined) continue;
      if (this.files.size >= MOST_FILES || this.length + text.length > MOST_TEXT)
        return this.reportTooMuch(place);
      return add(this.load(path, text, file));
    }
    if (location.builtIn !== undefined) return add(loadBuiltIn(location.builtIn));
    file.unread = true;
    if (location.outside) this.reportOutside(place, target);
    else if (location.remote) this.reportUnread(place, written);
    else {
      this.report.add(place, {
        code: 'IMPORT_MISSING',
        message: `There is no file ${location.paths[0] ?? target} to import`,
        expected: 'a regular file of the package, relative to the file that imports it',
      });
    }
  }

  /** 2.0 is another language; what 1.x there is in a file, others of 1.x can use. */
  private checkVersions(file: LoadedFile, imported: LoadedFile, place: Place): void {
    if (imported.version !== 'tosca_2_0' || isAtLeast(file.version, 'tosca_2_0')) return;
    this.report.add(place, {
      code: 'VERSION_MISMATCH',
      message: `${imported.path} is of tosca_2_0, which a file of ${file.version} cannot import`,
      expected: 'a file of tosca_simple_yaml_1_0 to tosca_simple_yaml_1_3',
    });
  }

  /** Reports a repository that is not defined. */
  private repositoryUrl(file: LoadedFile, { repository }: WrittenImport): string | undefined {
    if (repository === undefined) return undefined;
    const section = file.root.entries.get('repositories')?.node;
    const entries = section?.kind === 'map' ? section.entries : new Map<string, { node: SourceNode }>();
    const node = entries.get(repository.name)?.node;
    if (node === undefined) {
      this.report.add(repository.place, {
        code: 'REFERENCE_UNKNOWN',
        message: `There is no repository ${repository.name.slice(0, 80)} in this file`,
        nearest: () => nearestName(repository.name, entries.keys()),
      });
      return undefined;
    }
    const url = node.kind === 'map' ? node.entries.get('url')?.node : node;
    return url?.kind === 'scalar' ? url.text : undefined;
  }

  private dialectAt(
    root: MapNode,
    importer: LoadedFile | undefined,
  ): { version: ToscaVersion; profile?: string } | undefined {
    const entry = root.entries.get('tosca_definitions_version');
    if (entry === undefined || isAbsent(entry.node)) {
      const tolerated = importer !== undefined && !isAtLeast(importer.version, 'tosca_2_0');
      this.report.add(root.place, {
        code: 'VERSION_MISSING',
        ...(tolerated ? { severity: 'warning' } : {}),
        message: 'tosca_definitions_version is missing: no one can say which TOSCA this is',
        expected: 'tosca_definitions_version: tosca_2_0, or an earlier one, on the first line',
      });
      return tolerated ? { version: importer.version } : undefined;
    }
    const text = entry.node.kind === 'scalar' && isText(entry.node) ? entry.node.text : '';
    if (text === '') {
      this.report.add(entry.node.place, {
        code: 'KEYWORD_INVALID',
        message: 'tosca_definitions_version must be text',
        expected: `one of ${DEFINITIONS_VERSIONS.join(', ')}`,
      });
      return undefined;
    }
    const dialect = dialectOf(text);
    if (dialect === undefined) {
      this.report.add(entry.node.place, {
        code: 'VERSION_UNKNOWN',
        message: `${text.slice(0, 80)} is no version of TOSCA that is known here`,
        expected: `one of ${DEFINITIONS_VERSIONS.join(', ')}`,
        nearest: () => nearestName(text, DEFINITIONS_VERSIONS),
      });
    }
    return dialect;
  }

  private reportEmpty(place: Place): void {
    this.report.add(place, {
      code: 'VERSION_MISSING',
      message: 'The file holds no TOSCA',
      expected: 'tosca_definitions_version: …',
    });
  }

  private reportCycle(place: Place, target: string): void {
    this.report.add(place, {
      code: 'IMPORT_CYCLE',
      message: `${target.slice(0, 200)} imports, through others or itself, the file that imports it`,
    });
  }

  private reportOutside(place: Place, target: string): void {
    this.report.add(place, {
      code: 'PACKAGE_PATH_FORBIDDEN',
      message: `${target.slice(0, 200)} leads out of the package`,
      expected: 'a file of the package',
    });
  }

  private reportTooMuch(place: Place): void {
    this.report.add(place, {
      code: 'SOURCE_TOO_LARGE',
      message: 'More is imported than can be read',
      expected: `at most ${MOST_FILES} files of together ${MOST_TEXT} characters`,
    });
  }

  private reportUnread(place: Place, { target, profile }: WrittenImport): void {
    this.report.add(place, {
      code: 'IMPORT_NOT_READ',
      severity: 'warning',
      message: `${target.slice(0, 200)} is not in the package and was not fetched: what uses its names is not checked`,
      ...(profile ? { nearest: () => nearestName(target, PROFILE_NAMES) } : {}),
    });
  }
}

const builtIn = new Map<string, LoadedFile>();
const SILENT: Report = { add: () => undefined };

/** A built-in file with what it imports; read once per process, as it never changes. */
export function loadBuiltIn(name: string, report: Report = SILENT): LoadedFile {
  const known = builtIn.get(name);
  if (known !== undefined) return known;
  const text = builtInFile(name);
  if (text === undefined) throw new Error(`there is no built-in file ${name}`);
  return readBuiltIn(name, text, report, (file) => builtIn.set(name, file));
}

const profileFiles = new WeakMap<Profile, LoadedFile>();

function loadProfile(profile: Profile): LoadedFile {
  const { name, text } = profile;
  return (
    profileFiles.get(profile) ?? readBuiltIn(name, text, SILENT, (file) => profileFiles.set(profile, file))
  );
}

/** `keep` is called before its imports are read, which may lead back to it. */
function readBuiltIn(
  name: string,
  text: string,
  report: Report,
  keep: (file: LoadedFile) => void,
): LoadedFile {
  const root = readSource(BUILT_IN_SOURCES, `<${name}>`, text, report);
  if (root?.kind !== 'map') throw new Error(`the built-in file ${name} is no mapping`);
  const version = root.entries.get('tosca_definitions_version')?.node;
  const dialect = version?.kind === 'scalar' ? dialectOf(version.text) : undefined;
  if (dialect === undefined) throw new Error(`the built-in file ${name} has no version`);
  checkGrammar(root, 'file', dialect.version, report);
  const file = loadedFile(`<${name}>`, true, dialect.version, root, report);
  keep(file);
  for (const { place, target, prefix } of readImports(root, dialect.version, report)) {
    const imported = loadBuiltIn(builtInImport(name, target), report);
    file.imports.push({ place, file: imported, ...(prefix === undefined ? {} : { prefix }) });
  }
  return file;
}
