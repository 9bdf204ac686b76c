import type { Report } from '../finding.js';
import type { Place } from '../source/sources.js';
import { namedPath } from './entry-path.js';
import { keyLinesOf } from './key-lines.js';
import type { VouchedFile } from './manifest.js';

/** TOSCA.meta is below TOSCA-Metadata up to CSAR 1.1, at the top of a CSAR 2.0; some tools write Tosca.meta. */
export function metaPath(paths: Iterable<string>): string | undefined {
  const found = [...paths].filter((path) => /^(?:tosca-metadata\/)?tosca\.meta$/i.test(path));
  return found.find((path) => path.includes('/')) ?? found[0];
}

interface Named {
  path: string;
  place: Place;
}

export interface ToscaMeta {
  path: string;
  place: Place;
  entry?: Named;
  others: readonly Named[];
  manifest?: Named;
  certificate?: Named;
  /** The other files that it names: change log, tests, licences. */
  named: readonly Named[];
  /** Blocks about single files, with their hashes. */
  files: readonly VouchedFile[];
}

/** Names of the same key in SOL 004, in its drafts and in ONAP. */
const MANIFEST = /^(?:ETSI-)?Entry-Manifest$/;
const CERTIFICATE = /^(?:ETSI-)?Entry-Certificate$/;
const NAMED = /^(?:ETSI-)?Entry-(?:Change-Log|Tests|Licenses)$/;
const KNOWN =
  /^(?:TOSCA-Meta-File-Version|TOSCA-Meta-Version|CSAR-Version|Created-By|Created-by|Entry-Definitions|Other-Definitions|Name|Content-Type|Algorithm|Hash|Signature|Certificate|(?:ETSI-)?Entry-[\w-]+)$/;

export function parseToscaMeta(path: string, text: string, base: Place, report: Report): ToscaMeta {
  const files: VouchedFile[] = [];
  const named: Named[] = [];
  const found: Pick<ToscaMeta, 'entry' | 'manifest' | 'certificate'> = {};
  let others: Named[] = [];
  let version: string | undefined;
  let current: VouchedFile | undefined;
  for (const line of keyLinesOf(text)) {
    if (line === undefined) {
      current = undefined;
      continue;
    }
    if ('odd' in line) {
      report.add(base + line.at, {
        code: 'PACKAGE_INVALID',
        message: 'TOSCA.meta has a line that is no key with a value',
        expected: 'e.g. Entry-Definitions: Definitions/service.yaml',
      });
      continue;
    }
    const { key, value } = line;
    const place = base + line.valueAt;
    const at: Named = { path: namedPath(value), place };
    if (key === 'Entry-Definitions') found.entry = at;
    else if (key === 'Other-Definitions') others = otherDefinitions(value, place);
    else if (key === 'CSAR-Version') version = value;
    else if (MANIFEST.test(key)) found.manifest = at;
    else if (CERTIFICATE.test(key)) found.certificate = at;
    else if (NAMED.test(key)) named.push(at);
    else if (key === 'Name' || key === 'Source') {
      current = { source: at.path, place };
      files.push(current);
    } else if (key === 'Algorithm' && current !== undefined) current.algorithm = { name: value, place };
    else if (key === 'Hash' && current !== undefined) current.hash = { value, place };
    else if (!KNOWN.test(key) && current === undefined) {
      report.add(base + line.keyAt, {
        code: 'KEYWORD_UNKNOWN',
        severity: 'warning',
        message: `TOSCA.meta has a key ${key} that no standard knows`,
      });
    }
  }
  if (version === undefined) {
    report.add(base, {
      code: 'KEYWORD_MISSING',
      severity: 'warning',
      message: 'TOSCA.meta does not say the version of the package',
      expected: 'CSAR-Version: 1.1 or 2.0',
    });
  }
  return { path, place: base, ...found, others, named, files };
}

/** Names between quotes, or separated by commas or spaces. */
function otherDefinitions(value: string, place: Place): Named[] {
  return [...value.matchAll(/"([^"]*)"|'([^']*)'|[^\s,"'[\]]+/g)].map((match) => ({
    path: namedPath(match[1] ?? match[2] ?? match[0]),
    place: place + match.index,
  }));
}
