import { CONSTRUCTS } from '../grammar/constructs.js';
import { checkGrammar } from '../grammar/check-grammar.js';
import { isAbsent } from '../grammar/fits.js';
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
  return imports.items.flatMap((item) => readImport(two ? item : unnamed(item), version, report) ?? []);
}

/** 1.x lets an import have a name, which stands for nothing: `- my_types: types.yaml`. */
function unnamed(item: SourceNode): SourceNode {
  if (item.kind !== 'map' || item.entries.size !== 1) return item;
  const [[name, { node }] = ['', { node: item }]] = item.entries;
  return Object.hasOwn(CONSTRUCTS.import.keys, name) ? item : node;
}

function readImport(item: SourceNode, version: ToscaVersion, report: Report): WrittenImport | undefined {
  if (isAbsent(item)) {
    report.add(item.place, {
      code: 'KEYWORD_INVALID',
      message: 'This import names nothing',
      expected: 'a file',
    });
    return undefined;
  }
  checkGrammar(item, 'import', version, report);
  if (item.kind === 'scalar') return { place: item.place, target: item.text, profile: false };
  if (item.kind !== 'map') return undefined;
  const [file, url, profile] = ['file', 'url', 'profile'].map((key) => textAt(item, key));
  const repository = item.entries.get('repository')?.node;
  if (isAtLeast(version, 'tosca_2_0')) checkTarget(item, url, profile, repository, report);
  const target = url ?? file ?? profile;
  if (target === undefined) return undefined;
  const prefix = textAt(item, 'namespace') ?? textAt(item, 'namespace_prefix');
  return {
    place: item.place,
    target,
    profile: url === undefined && file === undefined,
    ...(repository?.kind === 'scalar' && !isAbsent(repository)
      ? { repository: { name: repository.text, place: repository.place } }
      : {}),
    ...(prefix === undefined || prefix === '' ? {} : { prefix }),
  };
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
