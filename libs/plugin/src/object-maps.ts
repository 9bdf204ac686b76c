import { BtfKind, type Btf } from './btf.js';
import type { ElfObject } from './elf.js';
import { MAP_TYPE_NAMES } from './map-types.js';
import { malformedObject } from './package-error.js';

export interface ObjectMap {
  name: string;
  /** libbpf's name of the map type. */
  type: string;
}

const GLOBAL_DATA = /^\.(rodata|data|bss)(\..+)?$/;

/** Maps the object defines in `.maps`, by name: `type` is an array's length behind a pointer (libbpf's `__uint`). */
export function readMaps(btf: Btf): ObjectMap[] {
  const section = btf.find(BtfKind.section, '.maps');
  return (section?.members ?? []).map((entry) => {
    const variable = btf.type(entry.type);
    const definition = btf.resolve(variable.type);
    const field = definition.members.find((member) => member.name === 'type');
    const pointer = field && btf.resolve(field.type);
    const array = pointer?.kind === BtfKind.pointer ? btf.resolve(pointer.type) : undefined;
    if (!variable.name || array?.kind !== BtfKind.array)
      throw malformedObject(`map ${variable.name || '(nameless)'} has no type`);
    const type = MAP_TYPE_NAMES[array.count];
    if (type === undefined || array.count === 0)
      throw malformedObject(`map ${variable.name} has the unknown type ${array.count}`);
    return { name: variable.name, type };
  });
}

/** Global variables become array maps, one per non-empty data section. */
export function hasGlobalData(elf: ElfObject): boolean {
  return elf.sections.some((section) => section.size > 0 && GLOBAL_DATA.test(section.name));
}
