import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { BpfError } from './error.js';

/** The surface of the addon: libbpf's calls by handle, sizes and numbers; names and types are this package's business. */
export interface NativeAddon {
  Object: { open(elf: Uint8Array, name: string): Promise<NativeObject> };
  Map: {
    fromPin(path: string): NativeMap;
    fromId(id: number): NativeMap;
    create(options: {
      type: number;
      name: string;
      keySize: number;
      valueSize: number;
      maxEntries: number;
      flags: number;
      inner: NativeMap | undefined;
    }): NativeMap;
  };
  Program: { fromPin(path: string): NativeProgram; fromId(id: number): NativeProgram };
  Link: { fromPin(path: string): NativeLink; fromId(id: number): NativeLink };
  RingBuffer: new (map: NativeMap, onRecords: (records: Uint8Array[]) => void) => NativeRingBuffer;
  RunTimeStats: { enable(): NativeHandle };
  programIds(): number[];
  mapIds(): number[];
  linkIds(): number[];
  queryTcx(
    ifindex: number,
    attachType: number,
  ): Promise<{ revision: number; programs: { id: number; linkId?: number }[] }>;
  queryXdp(ifindex: number): Promise<{ native: number; generic: number; offload: number; features: number }>;
  btfFromKernel(id: number): Uint8Array;
  interfaceIndex(name: string): number;
  interfaceName(ifindex: number): string;
  probeProgramType(type: number): Promise<number>;
  probeMapType(type: number): Promise<number>;
  probeHelpers(programType: number, count: number): Promise<number[]>;
  kernelFunctions(): Promise<string[]>;
  programTypeNames: string[];
  mapTypeNames: string[];
  attachTypeNames: string[];
  linkTypeNames: string[];
  possibleCpus: number;
  libbpfVersion: string;
}

export interface NativeHandle {
  readonly fd: number;
  pin(path: string): void;
  close(): void;
}

export interface NativeObject {
  programs(): {
    name: string;
    type: number;
    section: string;
    autoload: boolean;
    expectedAttachType: number;
    instructions: number;
  }[];
  maps(): {
    name: string;
    type: number;
    keySize: number;
    valueSize: number;
    maxEntries: number;
    flags: number;
    btfKeyTypeId: number;
    btfValueTypeId: number;
    internal: boolean;
    pinPath?: string;
  }[];
  btf(): Uint8Array | undefined;
  setAutoload(program: string, on: boolean): void;
  setMaxEntries(map: string, maxEntries: number): void;
  setPinPath(map: string, path: string | undefined): void;
  reuseMap(name: string, map: NativeMap): void;
  initialValue(map: string): Uint8Array | undefined;
  setInitialValue(map: string, bytes: Uint8Array): void;
  load(): Promise<void>;
  program(name: string): NativeProgram;
  map(name: string): NativeMap;
  close(): void;
}

export interface NativeMap extends NativeHandle {
  info(): {
    id: number;
    type: number;
    name: string;
    keySize: number;
    valueSize: number;
    maxEntries: number;
    flags: number;
    btfId: number;
    btfKeyTypeId: number;
    btfValueTypeId: number;
    perCpu: boolean;
  };
  lookup(key: Uint8Array): Uint8Array | undefined;
  update(key: Uint8Array, value: Uint8Array | NativeProgram, flags: number): void;
  updateSlow(key: Uint8Array, value: NativeMap, flags: number): Promise<void>;
  delete(key: Uint8Array): boolean;
  nextKey(key: Uint8Array | undefined): Uint8Array | undefined;
  lookupBatch(
    cursor: Uint8Array | undefined,
    count: number,
  ): Promise<{ keys: Uint8Array; values: Uint8Array; cursor: Uint8Array; count: number; done: boolean }>;
  updateBatch(keys: Uint8Array, values: Uint8Array, count: number, flags: number): Promise<void>;
  deleteBatch(keys: Uint8Array, count: number): Promise<void>;
  freeze(): void;
}

export interface NativeProgram extends NativeHandle {
  info(): {
    id: number;
    type: number;
    name: string;
    tag: string;
    mapIds: number[];
    btfId: number;
    loadTimeNs: number;
    createdByUid: number;
    gplCompatible: boolean;
    xlatedBytes: number;
    jitedBytes: number;
    verifiedInstructions: number;
    runTimeNs: number;
    runCount: number;
    recursionMisses: number;
  };
  testRun(options: {
    data: Uint8Array | undefined;
    ctx: Uint8Array | undefined;
    repeat: number;
    liveFrames: boolean;
    batchSize: number;
    dataOutSize: number;
  }): Promise<{ retval: number; durationNs: number; data: Uint8Array; ctx: Uint8Array }>;
  attachDevice(
    ifindex: number,
    attachType: number,
    flags: number,
    relativeId: number,
    expectedRevision: number,
  ): Promise<NativeLink>;
  attachCgroup(path: string, attachType: number): Promise<NativeLink>;
  bindMap(map: NativeMap): void;
}

export interface NativeLink extends NativeHandle {
  info(): {
    id: number;
    type: number;
    programId: number;
    ifindex?: number;
    attachType?: number;
    cgroupId?: number;
    netnsInode?: number;
  };
  update(program: NativeProgram, expected: NativeProgram | undefined): Promise<void>;
  detach(): Promise<void>;
}

export interface NativeRingBuffer {
  consume(): Uint8Array[];
  setReferenced(on: boolean): void;
  close(): void;
}

let loaded: NativeAddon | undefined;

/**
 * The addon, loaded at first use: importing the package costs nothing and works where it was never built. Sources and
 * compiled files lie equally deep, so the package's root is one folder up from both.
 */
export function native(): NativeAddon {
  if (loaded) return loaded;
  const require = createRequire(import.meta.url);
  const root = dirname(dirname(fileURLToPath(import.meta.url)));
  try {
    const load = require('node-gyp-build') as (directory: string) => NativeAddon;
    loaded = load(root);
    return loaded;
  } catch (cause) {
    throw new Error(
      'Cannot load the libbpf addon: it is not built for this machine. ' +
        'Install libbpf-dev (1.3 or later), libelf-dev, a C++ compiler and make, then run `npm run build:native` in @underware/libbpf.',
      { cause },
    );
  }
}

/** Runs a call of the addon; what it throws becomes a BpfError. `on` says which object, for the message. */
export function call<T>(on: string, run: () => T): T {
  try {
    return run();
  } catch (error) {
    throw BpfError.from(error, on);
  }
}

export async function callAsync<T>(on: string, run: () => Promise<T>): Promise<T> {
  try {
    return await run();
  } catch (error) {
    throw BpfError.from(error, on);
  }
}
