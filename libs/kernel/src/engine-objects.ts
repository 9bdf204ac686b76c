import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Hook } from '@underware/core';
import { kernelError } from './kernel-error.js';

/** The engine's objects: their bytes, or the file `root.bpf.o`, which `deliver.bpf.o` lies beside. */
export type EngineSource = string | { root: Uint8Array; deliver: Uint8Array };

/** Each object is read once, when it is needed first. */
export class EngineObjects {
  private readonly read = new Map<'root' | 'deliver', Promise<Uint8Array>>();

  constructor(private readonly source: EngineSource) {}

  of(hook: Hook): Promise<Uint8Array> {
    return this.object(hook === 'xdp/egress' ? 'deliver' : 'root');
  }

  object(name: 'root' | 'deliver'): Promise<Uint8Array> {
    const { source } = this;
    if (typeof source !== 'string') return Promise.resolve(source[name]);
    let bytes = this.read.get(name);
    if (bytes === undefined) {
      bytes = readObject(name === 'root' ? source : join(dirname(source), `${name}.bpf.o`));
      this.read.set(name, bytes);
    }
    return bytes;
  }
}

async function readObject(file: string): Promise<Uint8Array> {
  try {
    return await readFile(file);
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw kernelError(
      'KERNEL_FEATURE_MISSING',
      'read engine object',
      file,
      why,
      'Build the eBPF objects, or install the agent again',
      { cause },
    );
  }
}
