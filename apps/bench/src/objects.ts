import { fileURLToPath } from 'node:url';

/** Path of an object of this app: e.g. `count`. */
export function benchObject(name: 'count' | 'bare' | 'probe-xdp' | 'root-xdp' | 'route'): string {
  return fileURLToPath(new URL(`../build/${name}.bpf.o`, import.meta.url));
}

/** Path of the engine's root programs. */
export const ENGINE_OBJECT = fileURLToPath(new URL('../../../bpf/build/root.bpf.o', import.meta.url));
