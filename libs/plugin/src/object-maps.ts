import { BtfKind, type Btf } from './btf.js';
import type { ElfObject } from './elf.js';
import { MAP_TYPE_NAMES } from './map-types.js';
import { malformedObject } from './package-error.js';

export interface ObjectMap {
  name: string;
  /** libbpf's name of the map type. */
  type: string;
  /** It asks libbpf to pin it by its name (LIBBPF_PIN_BY_NAME). */
  pinsItself: boolean;
}

const GLOBAL_DATA = /^\.(rodata|data|bss)(\..+)?$/;

/** Maps the object defines in `.maps`, by name. */
export function readMaps(btf: Btf): ObjectMap[] {
  const section = btf.find(BtfKind.section, '.maps');
  return (section?.members ?? []).map((entry) => {
    const { name, type: definition } = btf.type(entry.type);
    const code = name ? attribute(btf, definition, 'type') : undefined;
    if (code === undefined) throw malformedObject(`map ${name || '(nameless)'} has no type`);
    const type = MAP_TYPE_NAMES[code];
    if (type === undefined || code === 0) throw malformedObject(`map ${name} has the unknown type ${code}`);
    return { name, type, pinsItself: (attribute(btf, definition, 'pinning') ?? 0) !== 0 };
  });
}

/** A number in a map's definition is the length of an array behind a pointer (libbpf's `__uint`). */
function attribute(btf: Btf, definition: number, name: string): number | undefined {
  const field = btf.resolve(definition).members.find((member) => member.name === name);
  const pointer = field && btf.resolve(field.type);
  const array = pointer?.kind === BtfKind.pointer ? btf.resolve(pointer.type) : undefined;
  return array?.kind === BtfKind.array ? array.count : undefined;
}

/** Global variables become array maps, one per non-empty data section. */
export function hasGlobalData(elf: ElfObject): boolean {
  return elf.sections.some((section) => section.size > 0 && GLOBAL_DATA.test(section.name));
}
