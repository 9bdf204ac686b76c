import type { PluginRequirements } from '@underware/core';
import { Btf } from './btf.js';
import { readCoreRelocations } from './core-relocations.js';
import { readElf } from './elf.js';
import { hasGlobalData, readMaps, type ObjectMap } from './object-maps.js';
import { readPrograms } from './object-programs.js';
import { malformedObject } from './package-error.js';
import { TYPES_BOUND_TO_KERNEL_BTF } from './program-sections.js';

export interface ObjectAnalysis {
  requirements: PluginRequirements;
  /** Maps that the object defines by name; those behind global variables are in `requirements.mapTypes` only. */
  maps: ObjectMap[];
}

/** What an object needs of a kernel, derived from its bytes alone. Malformed bytes are PACKAGE_MALFORMED. */
export function analyzeElf(bytes: Uint8Array): PluginRequirements {
  return analyzeObject(bytes).requirements;
}

export function analyzeObject(bytes: Uint8Array): ObjectAnalysis {
  const elf = readElf(bytes);
  const section = (name: string) => elf.sections.find((candidate) => candidate.name === name)?.data;
  const btfData = section('.BTF');
  if (section('maps'))
    throw malformedObject('it defines maps in section maps; BTF-defined maps (.maps) are wanted');
  if (!btfData) throw malformedObject('it has no BTF');
  const btf = Btf.read(btfData);
  const programs = readPrograms(elf);
  if (programs.length === 0) throw malformedObject('it has no program');
  const maps = readMaps(btf);
  const extData = section('.BTF.ext');
  const coRe = extData ? readCoreRelocations(extData, btf) : [];
  const mapTypes = new Set(maps.map((map) => map.type));
  if (hasGlobalData(elf)) mapTypes.add('array');
  return {
    maps,
    requirements: {
      programs: Object.fromEntries(
        programs.map(({ name, type, helpers, kfuncs, attach }) => [name, { type, helpers, kfuncs, attach }]),
      ),
      mapTypes: [...mapTypes].sort(),
      coRe,
      kernelBtf:
        coRe.length > 0 ||
        programs.some(({ type, kfuncs }) => kfuncs.length > 0 || TYPES_BOUND_TO_KERNEL_BTF.has(type)),
    },
  };
}
