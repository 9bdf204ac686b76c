import type { ToscaVersion } from '../model/version.js';
import { isAtLeast } from '../model/version.js';

/**
 * Files that descriptors import from the network, or that their authors leave out of the package because every
 * orchestrator has them, and our built-in files of the same content. A file of the package with the name goes first.
 */
interface KnownImport {
  pattern: RegExp;
  file(groups: Record<string, string | undefined>, version: ToscaVersion): string;
}

/** Bounds the patterns, whose time is quadratic. */
const LONGEST_URL = 1000;

const KNOWN_IMPORTS: readonly KnownImport[] = [
  {
    // etsi_nfv_sol001_vnfd_types.yaml, …_vnfd_2_5_1_types.yaml, …/rep/nfv/SOL001/raw/v3.3.1/etsi_nfv_sol001_nsd_types.yaml
    pattern:
      /^(?:.*\/v(?<path>\d+)\.\d+\.\d+\/)?(?:.*\/)?etsi_nfv_sol001_(?<part>common|vnfd|pnfd|nsd)(?:_(?<name>\d+)_\d+_\d+)?_types\.ya?ml$/i,
    file({ part = '', path, name }, version) {
      if (part === 'common' || part === 'pnfd') return `nfv/sol001/${part}.yaml`;
      return `nfv/sol001-${releaseOf(name ?? path, version)}/${part}.yaml`;
    },
  },
  {
    // tosca-parser's own copy of the normative types, <normative-types.yml> of Yorc
    pattern: /(?:^|\/)TOSCA_definition_1_[01](?:_0)?\.yaml$|^<normative-types\.yml>$/,
    file: () => 'simple-1.0/nodes.yaml',
  },
  {
    pattern: /(?:^|\/)TOSCA_definition_1_[23](?:_0)?\.yaml$/,
    file: () => 'simple-1.2/nodes.yaml',
  },
];

/** The built-in file that stands in for an import of a file of `version`; undefined where we have none. */
export function knownImport(url: string, version: ToscaVersion): string | undefined {
  if (url.length > LONGEST_URL) return undefined;
  for (const { pattern, file } of KNOWN_IMPORTS) {
    const match = pattern.exec(url);
    if (match !== null) return file(match.groups ?? {}, version);
  }
  return undefined;
}

const KNOWN_PROFILES: ReadonlyMap<string, string> = new Map([
  ['org.oasis-open.simple:2.0', 'simple-2.0/profile.yaml'],
  ['org.oasis-open.tosca.simple:2.0', 'simple-2.0/profile.yaml'],
  ['org.oasis-open.simple:1.3', 'simple-1.2/nodes.yaml'],
  ['org.oasis-open.simple:1.2', 'simple-1.2/nodes.yaml'],
  ['org.oasis-open.simple:1.1', 'simple-1.0/nodes.yaml'],
  ['org.oasis-open.simple:1.0', 'simple-1.0/nodes.yaml'],
]);

/** The built-in file of a profile that a file of 2.0 imports by name; undefined where we have none. */
export function knownProfile(name: string): string | undefined {
  return KNOWN_PROFILES.get(name);
}

/** The names of the profiles that can be imported without a file, to look for the nearest. */
export const PROFILE_NAMES: readonly string[] = [...KNOWN_PROFILES.keys()];

/**
 * We have SOL001 twice: release 2, and the releases since, which turned lists into maps. Where the import says no
 * release, the language of the importing file does: release 2 was written in 1.1 and 1.2, the releases since in 1.3.
 */
function releaseOf(release: string | undefined, version: ToscaVersion): '2' | '4' {
  if (release === undefined) return isAtLeast(version, 'tosca_simple_yaml_1_3') ? '4' : '2';
  return Number(release) >= 3 ? '4' : '2';
}
