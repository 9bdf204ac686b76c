import { interfaceIndex } from '@underware/libbpf';
import { hasErrno } from './bpf-call.js';

/** The device's index in this process's network namespace, or undefined where there is no such device. */
export function indexOf(device: string): number | undefined {
  try {
    return interfaceIndex(device);
  } catch (error) {
    if (hasErrno(error, 'ENODEV', 'ENXIO')) return undefined;
    throw error;
  }
}
