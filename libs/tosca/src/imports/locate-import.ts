import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import { knownImport, knownProfile } from '../profiles/known-imports.js';
import type { WrittenImport } from './read-imports.js';

/** Where an import may be found: places in the package to try in order, and a built-in file that stands in for it. */
export interface Location {
  paths: string[];
  builtIn?: string;
  /** What cannot be read may be right all the same: it is elsewhere, and nobody looks there. */
  remote: boolean;
  /** A path that leaves the package. */
  outside: boolean;
}

/** `repositoryUrl` is that of the import's repository, where it names one. */
export function locateImport(
  written: WrittenImport,
  importer: string,
  version: ToscaVersion,
  repositoryUrl: string | undefined,
): Location {
  const { target, profile, repository } = written;
  if (profile) return location([], knownProfile(target), true);
  if (repository !== undefined) {
    const url = `${(repositoryUrl ?? '').replace(/\/$/, '')}/${target.replace(/^\//, '')}`;
    return location([], knownImport(url, version) ?? knownImport(target, version), true);
  }
  // C:\… is no scheme; tosca-normative-types:1.0.0 is a name, which a catalogue elsewhere knows.
  const scheme = /^([a-z][a-z\d+.-]+):/i.exec(target)?.[1];
  if (scheme !== undefined) return location([], knownImport(target, version) ?? knownProfile(target), true);
  const folder = target.startsWith('/') ? [] : importer.split('/').slice(0, -1);
  const path = join(folder, target);
  const named = /^<.*>$/.test(target);
  const builtIn = knownImport(target, version);
  // Without a folder and an ending it names something that a tool installs, rather than a file.
  const name = named || !/[./]/.test(target);
  const paths = path === undefined ? [] : [path];
  if (!isAtLeast(version, 'tosca_2_0')) paths.push(...habitual(folder, target));
  return { ...location(paths, builtIn, name), outside: path === undefined };
}

function location(paths: string[], builtIn: string | undefined, remote: boolean): Location {
  return { paths, remote, outside: false, ...(builtIn === undefined ? {} : { builtIn }) };
}

/** Where 1.x files are also found that name a path from the folder of the entry, though a file in a subfolder imports them. */
function habitual(folder: readonly string[], target: string): string[] {
  const path = join([], target);
  if (path === undefined) return [];
  const within = path.split('/').slice(0, -1);
  const own = folder.slice(folder.length - within.length);
  const beside = within.length > 0 && own.join('/') === within.join('/');
  return [...(beside ? [[...folder, ...path.split('/').slice(-1)].join('/')] : []), path];
}

/** Undefined where the path leads out of the package. */
function join(folder: readonly string[], path: string): string | undefined {
  const parts = [...folder];
  for (const part of path.split('/')) {
    if (part === '..') {
      if (parts.pop() === undefined) return undefined;
    } else if (part !== '' && part !== '.') parts.push(part);
  }
  return parts.join('/');
}
