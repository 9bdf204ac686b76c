import { reach } from '../imports/file-scope.js';
import type { Definition, LoadedFile } from '../imports/loaded-file.js';
import { TYPE_KINDS } from '../model/types.js';
import { isAtLeast } from '../model/version.js';
import { isSame } from '../source/is-same.js';

/** Finds names that a file defines and imports, or imports twice, with different meanings. */
export function checkDuplicates(file: LoadedFile, work: { left: number }): void {
  const two = isAtLeast(file.version, 'tosca_2_0');
  const strict = isAtLeast(file.version, 'tosca_simple_yaml_1_3');
  const first = new Map<string, Definition>();
  for (const { prefix, file: from } of reach(file)) {
    if (from.builtIn && !two) continue;
    // 1.3 tells types of the same name apart by their namespace, and wants those of one namespace to be the same.
    const namespace = strict && !two ? namespaceOf(from) : '';
    const scope = prefix === '' ? '' : namespace;
    if (prefix !== '' && namespace === '') continue;
    for (const kind of TYPE_KINDS) {
      for (const [name, definition] of from.definitions[kind]) {
        work.left -= 1;
        if (work.left < 0) return;
        for (const key of new Set([`${scope} ${kind} ${name}`, `${namespace} ${kind} ${name}`])) {
          const other = first.get(key);
          if (other === undefined) first.set(key, definition);
          else if (isConflict(other, definition, strict && !two)) report(file, other, definition, strict);
        }
      }
    }
  }
}

function isConflict(one: Definition, other: Definition, byNamespace: boolean): boolean {
  if (one === other) return false;
  if (byNamespace && namespaceOf(one.file) !== namespaceOf(other.file)) return true;
  return !isSame(one.node, other.node);
}

function report(file: LoadedFile, one: Definition, other: Definition, strict: boolean): void {
  const imported = file.imports.find((each) => each.file === other.file)?.place ?? file.root.place;
  file.report.add(one.file === file ? one.place : imported, {
    code: 'NAME_DUPLICATE',
    // Files of before 1.3 take over the types of others under their own names.
    ...(strict ? {} : { severity: 'warning' }),
    message: `${one.name.slice(0, 120)} is defined in ${one.file.path} and, differently, in ${other.file.path}`,
    expected: 'one definition, or a namespace for one of the imports',
  });
}

function namespaceOf({ root }: LoadedFile): string {
  const namespace = root.entries.get('namespace')?.node;
  return namespace?.kind === 'scalar' ? namespace.text : '';
}
