import type { LoadedFile } from '../imports/loaded-file.js';
import { reach } from '../imports/file-scope.js';
import { TYPE_KINDS } from '../model/types.js';
import type { ToscaType } from '../model/types.js';
import { isAtLeast } from '../model/version.js';
import { isSame } from '../source/is-same.js';
import type { Entity, FunctionScope } from '../values/scope.js';
import type { ValueChecker } from '../values/value-checker.js';
import type { TypeMaker } from './type-maker.js';

/** Makes every type that a file of the package defines, all of it, so that what is wrong is found though nothing uses it. */
export function checkTypes(
  files: readonly LoadedFile[],
  maker: TypeMaker,
  values: ValueChecker,
): ToscaType[] {
  const types: ToscaType[] = [];
  for (const file of files) {
    checkDuplicates(file);
    for (const kind of TYPE_KINDS) {
      for (const definition of file.definitions[kind].values()) {
        const type = maker.make(definition);
        if (type === undefined) continue;
        types.push(type);
        // Reading a field works it out.
        for (const key of Object.keys(type)) Reflect.get(type, key);
      }
    }
  }
  for (const file of files) {
    const scope = scopeOfTypes(maker, file);
    for (const schema of maker.reader(file).schemas) values.checkSchema(schema, scope);
  }
  return types;
}

/** Values in types may refer to whatever the templates that use them will be: names of those are not known here. */
function scopeOfTypes(maker: TypeMaker, file: LoadedFile): FunctionScope {
  const { scope } = maker.reader(file);
  return { version: scope.version, self: ANYTHING, functions: scope.functions };
}

const NOTHING = new Map<string, never>();
const ANYTHING: Entity = {
  kind: 'other',
  title: 'what will be of this type',
  open: true,
  properties: NOTHING,
  attributes: NOTHING,
};

/** Names that a file defines and imports, or imports twice, with different meanings. */
function checkDuplicates(file: LoadedFile): void {
  const two = isAtLeast(file.version, 'tosca_2_0');
  const strict = isAtLeast(file.version, 'tosca_simple_yaml_1_3');
  for (const kind of TYPE_KINDS) {
    const first = new Map<string, LoadedFile>();
    for (const { prefix, file: from } of reach(file)) {
      if (prefix !== '' || (from.builtIn && !two)) continue;
      const otherNamespace = (other: LoadedFile): boolean =>
        strict && !two && namespaceOf(other) !== namespaceOf(from);
      for (const [name, definition] of from.definitions[kind]) {
        const other = first.get(name);
        if (other === undefined) first.set(name, from);
        else if (otherNamespace(other) || !isSame(other.definitions[kind].get(name)?.node, definition.node)) {
          const own = other === file ? other.definitions[kind].get(name) : undefined;
          file.report.add(
            own?.place ?? file.imports.find((each) => each.file === from)?.place ?? file.root.place,
            {
              code: 'NAME_DUPLICATE',
              // Files of 1.x take over normative and others' types under their own names.
              ...(two || (strict && own === undefined) ? {} : { severity: 'warning' }),
              message: `${name.slice(0, 120)} is defined in ${other.path} and, differently, in ${from.path}`,
              expected: 'one definition, or a namespace for one of the imports',
            },
          );
        }
      }
    }
  }
}

/** 1.3: what tells types of the same name apart. */
function namespaceOf({ root }: LoadedFile): string {
  const namespace = root.entries.get('namespace')?.node;
  return namespace?.kind === 'scalar' ? namespace.text : '';
}
