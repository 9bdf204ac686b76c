import { Btf } from './btf/btf.js';
import { unknownName } from './btf/error.js';
import type { BtfValue } from './btf/kinds.js';
import { BpfMap } from './map.js';
import { attachTypeName, mapTypeName, programTypeName } from './names.js';
import type { NativeObject } from './native.js';
import { call, callAsync, native } from './native.js';
import { BpfProgram } from './program.js';

export interface ObjectProgram {
  name: string;
  /** libbpf's name: `xdp`, `sched_cls`, … */
  type: string;
  section: string;
  autoload: boolean;
  expectedAttachType: string;
  instructions: number;
}

export interface ObjectMap {
  /** As in the source; global variables are `.rodata`, `.data`, `.bss` or the name of their own section. */
  name: string;
  type: string;
  keySize: number;
  valueSize: number;
  maxEntries: number;
  flags: number;
  btfKeyTypeId: number;
  btfValueTypeId: number;
  /** Made by libbpf for global variables. */
  internal: boolean;
  /** Where `load` pins or reuses it: set by LIBBPF_PIN_BY_NAME in the source or by `setPinPath`. */
  pinPath?: string;
}

/** An eBPF object file: opened, adjusted, loaded. Programs and maps taken from it live on by themselves. */
export class BpfObject {
  readonly name: string;
  readonly #native: NativeObject;
  #btf: Btf | undefined;

  private constructor(name: string, object: NativeObject) {
    this.name = name;
    this.#native = object;
  }

  /** Opens an ELF object from its bytes. Nothing is in the kernel yet. */
  static async open(elf: Uint8Array, options: { name?: string } = {}): Promise<BpfObject> {
    const name = options.name ?? 'object';
    return new BpfObject(name, await callAsync(`object ${name}`, () => native().Object.open(elf, name)));
  }

  get programs(): ObjectProgram[] {
    return this.#call(() => this.#native.programs()).map((program) => ({
      ...program,
      type: programTypeName(program.type),
      expectedAttachType: attachTypeName(program.expectedAttachType),
    }));
  }

  get maps(): ObjectMap[] {
    return this.#call(() => this.#native.maps()).map((map) => ({
      ...map,
      name: sourceName(map),
      type: mapTypeName(map.type),
    }));
  }

  /** The object's own types; undefined when it was compiled without debug information. */
  get btf(): Btf | undefined {
    if (this.#btf) return this.#btf;
    const raw = this.#call(() => this.#native.btf());
    this.#btf = raw && Btf.parse(raw);
    return this.#btf;
  }

  /** A program that is not to be loaded needs nothing of the kernel. Before `load`. */
  setAutoload(program: string, on: boolean): void {
    this.#need('program', program, this.programs);
    this.#call(() => this.#native.setAutoload(program, on), `program ${program}`);
  }

  /** Sets read-only global variables (`const volatile`) by name. Before `load`, which freezes them. */
  setRodata(values: Record<string, BtfValue>): void {
    const { btf } = this;
    if (!btf) throw new TypeError(`object ${this.name} has no BTF: compile it with -g`);
    const variables = this.#rodata(btf);
    const changed = new Map<string, Uint8Array>();
    for (const [name, value] of Object.entries(values)) {
      const found = variables.get(name);
      if (!found) throw unknownName(`${this.name}.rodata`, 'variable', name, [...variables.keys()]);
      const bytes = changed.get(found.map) ?? this.#call(() => this.#native.initialValue(found.map));
      if (!bytes)
        throw new TypeError(`object ${this.name} is loaded: its ${found.map} cannot change any more`);
      bytes.set(btf.encode(found.entry.type, value, name), found.entry.offset);
      changed.set(found.map, bytes);
    }
    for (const [map, bytes] of changed)
      this.#call(() => this.#native.setInitialValue(map, bytes), `map ${map}`);
  }

  /** Whether it has a read-only global variable of that name. */
  hasRodata(name: string): boolean {
    return this.btf !== undefined && this.#rodata(this.btf).has(name);
  }

  #rodata(btf: Btf) {
    const sections = this.maps
      .filter((map) => map.internal && map.name.startsWith('.rodata'))
      .flatMap((map) => {
        const type = btf.resolve(map.btfValueTypeId);
        return type.kind === 'datasec' ? type.vars.map((entry) => ({ map: map.name, entry })) : [];
      });
    return new Map(sections.map((found) => [btf.nameOf(found.entry.type), found]));
  }

  /** Before `load`. */
  setMaxEntries(map: string, maxEntries: number): void {
    this.#need('map', map, this.maps);
    this.#call(() => this.#native.setMaxEntries(map, maxEntries), `map ${map}`);
  }

  /** Overrides, or with undefined takes away, the path where `load` pins the map or finds it pinned. */
  setPinPath(map: string, path: string | undefined): void {
    this.#need('map', map, this.maps);
    this.#call(() => this.#native.setPinPath(map, path), `map ${map}`);
  }

  /** Uses an existing map instead of creating one; type and sizes must agree. Before `load`. */
  reuseMap(name: string, map: BpfMap): void {
    const declared = this.#need('map', name, this.maps);
    // libbpf takes the definition of whatever it is given and leaves it to the programs to fail, or not.
    const { info } = map;
    for (const property of ['type', 'keySize', 'valueSize'] as const) {
      if (declared[property] === info[property]) continue;
      throw new TypeError(
        `map ${name} cannot be reused: its ${property} is ${declared[property]}, that of the given map ${info[property]}`,
      );
    }
    this.#call(() => this.#native.reuseMap(name, map.native), `map ${name}`);
  }

  /**
   * Creates the maps and loads the programs. The verifier writes no log unless it refuses a program; then the load is
   * tried once more with a log as large as it takes, and the BpfError carries all of it.
   */
  async load(): Promise<void> {
    await callAsync(`object ${this.name}`, () => this.#native.load());
  }

  /** A handle of its own on a loaded program. */
  program(name: string): BpfProgram {
    this.#need('program', name, this.programs);
    return new BpfProgram(
      this.#call(() => this.#native.program(name), `program ${name}`),
      name,
    );
  }

  /** A handle of its own on a map, after `load`; it knows the object's types. */
  map(name: string): BpfMap {
    this.#need('map', name, this.maps);
    const { btf } = this;
    return new BpfMap(
      this.#call(() => this.#native.map(name), `map ${name}`),
      name,
      btf,
    );
  }

  /** Idempotent. Programs and maps taken with `program` and `map`, and whatever is pinned or attached, stay. */
  close(): void {
    this.#native.close();
  }

  [Symbol.dispose](): void {
    this.close();
  }

  #call<T>(run: () => T, on = `object ${this.name}`): T {
    return call(on, run);
  }

  #need<T extends { name: string }>(what: string, name: string, known: T[]): T {
    const found = known.find((candidate) => candidate.name === name);
    if (found) return found;
    throw unknownName(
      `object ${this.name}`,
      what,
      name,
      known.map((candidate) => candidate.name),
    );
  }
}

/** libbpf prefixes the common data sections with the object's name; users know them by the section's. */
function sourceName(map: { name: string; internal: boolean }): string {
  const section = map.internal ? /\.(rodata|data|bss|kconfig)$/.exec(map.name) : null;
  return section && !map.name.startsWith('.') ? section[0] : map.name;
}
