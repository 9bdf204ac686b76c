import { ByteView } from './byte-view.js';
import { malformedObject } from './package-error.js';

const ELF_HEADER_BYTES = 64;
const SECTION_HEADER_BYTES = 64;
const SYMBOL_BYTES = 24;
const REL_BYTES = 16;
const EM_BPF = 247;
const SHT_PROGBITS = 1;
const SHT_SYMTAB = 2;
const SHT_NOBITS = 8;
const SHT_REL = 9;
const SHF_EXECINSTR = 4;
const MOST_SECTIONS = 4096;

export interface ElfSection {
  index: number;
  name: string;
  executable: boolean;
  size: number;
  /** Empty for sections without bytes in the file, such as .bss. */
  data: ByteView;
}

export interface ElfSymbol {
  name: string;
  kind: 'function' | 'section' | 'other';
  /** 0 where the symbol is external. */
  section: number;
  value: number;
  size: number;
  local: boolean;
}

export interface ElfObject {
  sections: ElfSection[];
  symbols: ElfSymbol[];
  /** By index of the section they apply to: offset → symbol. */
  relocations: Map<number, Map<number, ElfSymbol>>;
}

interface SectionHeader {
  name: number;
  type: number;
  flags: number;
  offset: number;
  size: number;
  link: number;
  info: number;
}

/** Reads sections, symbols and relocations of a little-endian 64-bit BPF object. */
export function readElf(bytes: Uint8Array): ElfObject {
  const file = new ByteView(bytes, 'the ELF file');
  checkHeader(file);
  const headers = readSectionHeaders(file);
  const sections = readSections(file, headers);
  const symbolTable = headers.findIndex((header) => header.type === SHT_SYMTAB);
  const symbols = symbolTable < 0 ? [] : readSymbols(headers, sections, symbolTable);
  return { sections, symbols, relocations: readRelocations(headers, sections, symbols) };
}

function checkHeader(file: ByteView): void {
  if (file.length < ELF_HEADER_BYTES || file.u32(0) !== 0x464c_457f)
    throw malformedObject('it is not an ELF file');
  if (file.u8(4) !== 2) throw malformedObject('it is not a 64-bit ELF file');
  if (file.u8(5) !== 1) throw malformedObject('it is not little-endian');
  const machine = file.u16(18);
  if (machine !== EM_BPF) throw malformedObject(`its machine is ${machine}, not ${EM_BPF} (BPF)`);
  const type = file.u16(16);
  if (type !== 1) throw malformedObject(`its ELF type is ${type}, not 1 (relocatable)`);
}

function readSectionHeaders(file: ByteView): SectionHeader[] {
  const start = file.size(40);
  const entryBytes = file.u16(58);
  const count = file.u16(60);
  if (entryBytes !== SECTION_HEADER_BYTES) throw malformedObject(`section headers of ${entryBytes} bytes`);
  if (count === 0 || count > MOST_SECTIONS) throw malformedObject(`${count} sections`);
  return Array.from({ length: count }, (_, index) => {
    const at = start + index * SECTION_HEADER_BYTES;
    return {
      name: file.u32(at),
      type: file.u32(at + 4),
      flags: file.u32(at + 8),
      offset: file.size(at + 24),
      size: file.size(at + 32),
      link: file.u32(at + 40),
      info: file.u32(at + 44),
    };
  });
}

function readSections(file: ByteView, headers: SectionHeader[]): ElfSection[] {
  const nameTable = headers[file.u16(62)];
  if (!nameTable || nameTable.type === SHT_NOBITS) throw malformedObject('it has no section names');
  const names = file.slice(nameTable.offset, nameTable.size, 'the section name table');
  return headers.map((header, index) => {
    const name = index === 0 ? '' : names.string(header.name);
    const inFile = index !== 0 && header.type !== SHT_NOBITS;
    return {
      index,
      name,
      executable: header.type === SHT_PROGBITS && (header.flags & SHF_EXECINSTR) !== 0,
      size: header.size,
      data: file.slice(inFile ? header.offset : 0, inFile ? header.size : 0, `section ${name}`),
    };
  });
}

function readSymbols(headers: SectionHeader[], sections: ElfSection[], table: number): ElfSymbol[] {
  const data = sections[table]?.data;
  const names = sections[headers[table]?.link ?? 0]?.data;
  if (!data || !names) throw malformedObject('its symbol table has no names');
  if (data.length % SYMBOL_BYTES !== 0) throw malformedObject('its symbol table is cut short');
  return Array.from({ length: data.length / SYMBOL_BYTES }, (_, index) => {
    const at = index * SYMBOL_BYTES;
    const info = data.u8(at + 4);
    const type = info & 0xf;
    return {
      name: index === 0 ? '' : names.string(data.u32(at)),
      kind: type === 2 ? 'function' : type === 3 ? 'section' : 'other',
      local: info >> 4 === 0,
      section: data.u16(at + 6),
      value: data.size(at + 8),
      size: data.size(at + 16),
    };
  });
}

function readRelocations(
  headers: SectionHeader[],
  sections: ElfSection[],
  symbols: ElfSymbol[],
): Map<number, Map<number, ElfSymbol>> {
  const relocations = new Map<number, Map<number, ElfSymbol>>();
  for (const [index, header] of headers.entries()) {
    const data = sections[index]?.data;
    if (header.type !== SHT_REL || !data) continue;
    if (data.length % REL_BYTES !== 0) throw malformedObject('a relocation table is cut short');
    const target = relocations.get(header.info) ?? new Map<number, ElfSymbol>();
    for (let at = 0; at < data.length; at += REL_BYTES) {
      const symbol = symbols[data.u32(at + 12)];
      if (!symbol) throw malformedObject('a relocation names a symbol that is not there');
      target.set(data.size(at), symbol);
    }
    relocations.set(header.info, target);
  }
  return relocations;
}
