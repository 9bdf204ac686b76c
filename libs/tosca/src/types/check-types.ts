import type { LoadedFile } from '../imports/loaded-file.js';
import { TYPE_KINDS } from '../model/types.js';
import type { ToscaType } from '../model/types.js';
import type { Entity, FunctionScope } from '../values/scope.js';
import type { ValueChecker } from '../values/value-checker.js';
import { checkDuplicates } from './check-duplicates.js';
import type { TypeMaker } from './type-maker.js';

/** Names that are compared to find those that mean two things; more are in no honest package. */
const MOST_COMPARED = 2_000_000;

/** Makes every type that a file of the package defines, all of it, so that what is wrong is found though nothing uses it. */
export function checkTypes(
  files: readonly LoadedFile[],
  maker: TypeMaker,
  values: ValueChecker,
): ToscaType[] {
  const types: ToscaType[] = [];
  const work = { left: MOST_COMPARED };
  for (const file of files) {
    checkDuplicates(file, work);
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
    if (file.version === 'tosca_2_0') checkConditions(file, scope, values);
  }
  return types;
}

/** Conditions of 2.0 in the triggers that policy types define. */
function checkConditions(file: LoadedFile, scope: FunctionScope, values: ValueChecker): void {
  for (const { node } of file.definitions.policy.values()) {
    const triggers = node.entries.get('triggers')?.node;
    for (const { node: trigger } of triggers?.kind === 'map' ? triggers.entries.values() : []) {
      const condition = trigger.kind === 'map' ? trigger.entries.get('condition')?.node : undefined;
      if (condition?.kind === 'map') values.checkCondition(condition, scope);
    }
  }
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
