import type { ElfObject, ElfSection, ElfSymbol } from './elf.js';
import { HELPER_NAMES } from './helper-names.js';
import { malformedObject } from './package-error.js';
import { sectionKind, type SectionKind } from './program-sections.js';

const INSTRUCTION_BYTES = 8;
const CALL = 0x85;
const LOAD_64 = 0x18;
const CALL_HELPER = 0;
const CALL_SUBPROGRAM = 1;
/** More entry programs than any object has; bounds the work that overlapping symbols could cause. */
const MOST_PROGRAMS = 256;
const C_IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

export interface ObjectProgram extends SectionKind {
  name: string;
  section: string;
  helpers: string[];
  kfuncs: string[];
}

interface Calls {
  helpers: Set<string>;
  kfuncs: Set<string>;
  /** Calls, or takes the address of, a function in `.text`. */
  reachesText: boolean;
}

/**
 * Entry programs with what they may call. Subprograms live in `.text`; a program that reaches any of them is counted
 * with the calls of all of them: requirements may be wider than the truth, never narrower.
 */
export function readPrograms(elf: ElfObject): ObjectProgram[] {
  const text = elf.sections.find((section) => section.executable && section.name === '.text');
  const shared = text ? scan(elf, text, 0, text.size) : undefined;
  const entries = elf.symbols.flatMap((symbol) => {
    const section = elf.sections[symbol.section];
    if (symbol.kind !== 'function' || !section?.executable || section === text) return [];
    return [{ symbol, section }];
  });
  if (entries.length > MOST_PROGRAMS) throw malformedObject(`it has ${entries.length} programs`);
  const names = new Set(entries.map(({ symbol }) => symbol.name));
  if (names.size !== entries.length) throw malformedObject('it has two programs of one name');
  return entries.map(({ symbol, section }) => readProgram(elf, symbol, section, shared));
}

function readProgram(
  elf: ElfObject,
  symbol: ElfSymbol,
  section: ElfSection,
  shared: Calls | undefined,
): ObjectProgram {
  if (!C_IDENTIFIER.test(symbol.name))
    throw malformedObject(`program name ${JSON.stringify(symbol.name)} is no C identifier`);
  const kind = sectionKind(section.name);
  if (!kind)
    throw malformedObject(
      `program ${symbol.name} is in section ${JSON.stringify(section.name)}, which names no program type`,
    );
  if (symbol.local) throw malformedObject(`program ${symbol.name} is static: libbpf does not load it`);
  const calls = scan(elf, section, symbol.value, symbol.size);
  const all = calls.reachesText && shared ? [calls, shared] : [calls];
  return {
    name: symbol.name,
    section: section.name,
    ...kind,
    helpers: merged(all.map((one) => one.helpers)),
    kfuncs: merged(all.map((one) => one.kfuncs)),
  };
}

function scan(elf: ElfObject, section: ElfSection, start: number, size: number): Calls {
  const calls: Calls = { helpers: new Set(), kfuncs: new Set(), reachesText: false };
  if (start % INSTRUCTION_BYTES !== 0 || size % INSTRUCTION_BYTES !== 0)
    throw malformedObject(`the instructions of section ${section.name} are not whole`);
  const code = section.data.slice(start, size, `the code of section ${section.name}`);
  const relocations = elf.relocations.get(section.index);
  for (let at = 0; at < code.length; at += INSTRUCTION_BYTES) {
    const opcode = code.u8(at);
    const target = relocations?.get(start + at);
    if (target && elf.sections[target.section]?.name === '.text') calls.reachesText = true;
    if (opcode === LOAD_64) {
      // Two slots wide: the second is data, not an instruction.
      at += INSTRUCTION_BYTES;
    } else if (opcode === CALL) {
      noteCall(calls, code.u8(at + 1) >> 4, code.i32(at + 4), target, section);
    }
  }
  return calls;
}

function noteCall(
  calls: Calls,
  source: number,
  immediate: number,
  target: ElfSymbol | undefined,
  section: ElfSection,
): void {
  if (source === CALL_HELPER && !target) {
    const name = HELPER_NAMES[immediate];
    if (name === undefined || immediate <= 0)
      throw malformedObject(`section ${section.name} calls helper ${immediate}, which no kernel has`);
    calls.helpers.add(name);
  } else if (target && target.section === 0) {
    // External functions are kernel functions; libbpf turns the call into one when it loads.
    calls.kfuncs.add(target.name);
  } else if (source === CALL_SUBPROGRAM) {
    calls.reachesText = true;
  } else {
    throw malformedObject(`section ${section.name} has a call of unknown kind ${source}`);
  }
}

function merged(sets: Set<string>[]): string[] {
  return [...new Set(sets.flatMap((set) => [...set]))].sort();
}
