import { CONSTRUCTS } from '../grammar/constructs.js';
import { checkGrammar } from '../grammar/check-grammar.js';
import { isAbsent, isText } from '../grammar/fits.js';
import type { Report } from '../finding.js';
import { isAtLeast } from '../model/version.js';
import type { ToscaVersion } from '../model/version.js';
import type { MapNode, SourceNode } from '../source/source-node.js';
import type { Place } from '../source/sources.js';

/** An import as it is written, in any of its forms. */
export interface WrittenImport {
  place: Place;
  /** A path, URL or name; of 2.0 also the name of a profile. */
  target: string;
  profile: boolean;
  repository?: { name: string; place: Place };
  prefix?: string;
}

export function readImports(root: MapNode, version: ToscaVersion, report: Report): WrittenImport[] {
  const imports = root.entries.get('imports')?.node;
  if (imports === undefined || isAbsent(imports)) return [];
  if (imports.kind !== 'list') {
    report.add(imports.place, {
      code: 'KEYWORD_INVALID',
      message: 'imports must be a list',
      expected: '- one import per line',
    });
    return [];
  }
  const two = isAtLeast(version, 'tosca_2_0');
  const written = imports.items.flatMap(
    (item) => readImport(two ? item : unnamed(item), version, report) ?? [],
  );
  if (!two) checkPrefixes(written, version, report);
  return written;
}

/** 1.3 gives every imported file a prefix of its own; 2.0 lets several share a namespace. */
function checkPrefixes(imports: readonly WrittenImport[], version: ToscaVersion, report: Report): void {
  const seen = new Map<string, string>();
  for (const { prefix, target, place } of imports) {
    if (prefix === undefined) continue;
    const first = seen.get(prefix);
    if (first === undefined) seen.set(prefix, target);
    else if (first !== target) {
      report.add(place, {
        code: 'NAME_DUPLICATE',
        ...(isAtLeast(version, 'tosca_simple_yaml_1_3') ? {} : { severity: 'warning' }),
        message: `The prefix ${prefix.slice(0, 80)} is given to two imports`,
        expected: 'another namespace_prefix',
      });
    }
  }
}

/** 1.x lets an import have a name, which stands for nothing: `- my_types: types.yaml`. */
function unnamed(item: SourceNode): SourceNode {
  if (item.kind !== 'map' || item.entries.size !== 1) return item;
  const [[name, { node }] = ['', { node: item }]] = item.entries;
  return Object.hasOwn(CONSTRUCTS.import.keys, name) ? item : node;
}

function readImport(item: SourceNode, version: ToscaVersion, report: Report): WrittenImport | undefined {
  checkGrammar(item, 'import', version, report);
  const two = isAtLeast(version, 'tosca_2_0');
  const map = item.kind === 'map' ? item : undefined;
  const [file, url, profile] = ['file', 'url', 'profile'].map((key) => map && textAt(map, key));
  const repository = map?.entries.get('repository')?.node;
  if (two && map !== undefined) checkTarget(map, url, profile, repository, report);
  const short = isText(item) || isAbsent(item) ? textOf(item) : undefined;
  const target = short ?? (two ? (url ?? profile) : file);
  if (target === '') {
    report.add(item.place, {
      code: 'KEYWORD_INVALID',
      message: 'This import names nothing',
      expected: 'a file',
    });
  }
  if (target === undefined || target === '') return undefined;
  const prefix = map && textAt(map, two ? 'namespace' : 'namespace_prefix');
  if (!two && prefix === 'tosca') {
    report.add(map?.entries.get('namespace_prefix')?.node.place ?? item.place, {
      code: 'NAME_INVALID',
      ...(isAtLeast(version, 'tosca_simple_yaml_1_3') ? {} : { severity: 'warning' }),
      message: 'The prefix tosca is reserved for the normative types',
      expected: 'another prefix',
    });
  }
  return {
    place: item.place,
    target,
    profile: two && url === undefined && profile !== undefined,
    ...(repository?.kind === 'scalar' && !isAbsent(repository)
      ? { repository: { name: repository.text, place: repository.place } }
      : {}),
    ...(prefix === undefined || prefix === '' ? {} : { prefix }),
  };
}

function textOf(node: SourceNode): string {
  return node.kind === 'scalar' ? node.text : '';
}

function checkTarget(
  item: MapNode,
  url: string | undefined,
  profile: string | undefined,
  repository: SourceNode | undefined,
  report: Report,
): void {
  if ((url === undefined) === (profile === undefined)) {
    report.add(item.place, {
      code: url === undefined ? 'KEYWORD_MISSING' : 'KEYWORD_INVALID',
      message: `An import has either a url or a profile${url === undefined ? '' : ', not both'}`,
      expected: 'url: … or profile: …',
    });
  }
  if (repository !== undefined && (url === undefined || /^[a-z][a-z\d+.-]*:/i.test(url))) {
    report.add(repository.place, {
      code: 'KEYWORD_INVALID',
      message: 'Only an import with a relative url is looked for in a repository',
      expected: 'an import without repository',
    });
  }
}

function textAt(map: MapNode, key: string): string | undefined {
  const node = map.entries.get(key)?.node;
  return node?.kind === 'scalar' && !isAbsent(node) ? node.text : undefined;
}
