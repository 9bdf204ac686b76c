import { nearestName } from '@underware/core';
import type { Note, Report } from '../finding.js';
import type { Place } from '../source/sources.js';
import type { ToscaMeta } from './tosca-meta.js';

const isYaml = (path: string) => /\.ya?ml$/i.test(path);

/** The file that TOSCA.meta names, where there is one; also checks the others that it names. */
export function entryOfMeta(
  meta: ToscaMeta,
  files: ReadonlyMap<string, Uint8Array>,
  report: Report,
): string | undefined {
  const missing = ({ path, place }: { path: string; place: Place }): boolean => {
    if (files.has(path)) return false;
    report.add(place, {
      code: 'PACKAGE_ENTRY_MISSING',
      message: `TOSCA.meta names ${path === '' ? 'no file' : path}, which is not in the package`,
      expected: 'a file of the package, by its path from the top',
      nearest: () => nearestName(path, files.keys()),
    });
    return true;
  };
  for (const other of [...meta.others, ...meta.named, meta.manifest, meta.certificate])
    if (other !== undefined) missing(other);
  if (meta.entry === undefined) {
    report.add(meta.place, {
      code: 'PACKAGE_ENTRY_MISSING',
      message: 'TOSCA.meta does not name the file to begin with',
      expected: 'Entry-Definitions: with the path of a YAML file',
    });
    return undefined;
  }
  return missing(meta.entry) ? undefined : meta.entry.path;
}

/** The only YAML file at the top, of a package without TOSCA.meta. */
export function entryAtTop(
  files: ReadonlyMap<string, Uint8Array>,
  refuse: (note: Note) => void,
): string | undefined {
  const atTop = [...files.keys()].filter((path) => isYaml(path) && !path.includes('/'));
  const [entry] = atTop;
  if (atTop.length === 1) return entry;
  refuse({
    code: 'PACKAGE_ENTRY_MISSING',
    message:
      atTop.length === 0
        ? 'The package has neither TOSCA-Metadata/TOSCA.meta nor a YAML file at its top'
        : `The package has no TOSCA-Metadata/TOSCA.meta, and ${atTop.length} YAML files at its top`,
    expected: 'TOSCA-Metadata/TOSCA.meta with Entry-Definitions, or one YAML file at the top',
  });
  return undefined;
}

/** What the only YAML file at the top must say before 2.0, because no TOSCA.meta says it. */
export function checkEntryMetadata(text: string, base: Place, report: Report): void {
  if (/^tosca_definitions_version:\s*["']?tosca_2/m.test(text)) return;
  const metadata = /^metadata:[^\n]*\n((?:[ \t]+[^\n]*\n|[ \t]*\r?\n|#[^\n]*\n)*)/m.exec(`${text}\n`);
  const absent = ['template_name', 'template_version'].filter(
    (key) => !new RegExp(`(?:^|[\\s{,])["']?${key}["']?\\s*:`, 'm').test(metadata?.[0] ?? ''),
  );
  if (absent.length === 0) return;
  report.add(base + (metadata?.index ?? 0), {
    code: 'KEYWORD_MISSING',
    message: `A package without TOSCA.meta needs ${absent.join(' and ')} in the metadata of its YAML file`,
    expected: 'metadata: with template_name and template_version',
  });
}
