import { readlink } from 'node:fs/promises';
import { type DesiredWorkload, UnderwareError } from '@underware/core';

/**
 * The host we run on, as the kernel tells it: its network namespace, `net-4026531840`. Lab hosts share a machine, its
 * control groups and its container engine; each sees the workloads that carry its own mark.
 */
export async function hostMark(): Promise<string> {
  return (await readlink('/proc/self/ns/net')).replace(/^net:\[(\d+)\]$/, 'net-$1');
}

/** Names become paths, container names and command-line arguments. */
export function checkKey(key: string): string {
  return check(/^[a-z0-9]{1,64}$/.test(key), 'key', key, 'lower-case letters and digits');
}

export function checkWorkload(workload: DesiredWorkload): void {
  checkKey(workload.key);
  check(
    /^[a-z0-9]{1,64}$/.test(workload.revision),
    'revision',
    workload.revision,
    'lower-case letters and digits',
  );
  const namespace = /^[a-zA-Z0-9_][a-zA-Z0-9._-]{0,199}$/;
  check(namespace.test(workload.namespace), 'namespace', workload.namespace, 'letters, digits, . _ -');
  for (const [name, value] of Object.entries(workload.environment)) {
    check(/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(name), 'environment variable', name, 'letters, digits and _');
    check(!value.includes('\0'), 'environment variable', name, 'a value without a zero byte');
  }
  for (const word of workload.command)
    check(!word.includes('\0'), 'command', workload.command.join(' '), 'words without a zero byte');
  check(workload.cpus > 0, 'number of cpus', String(workload.cpus), 'more than 0');
  check(workload.memoryBytes >= 1 << 20, 'memory', String(workload.memoryBytes), 'at least 1 MiB');
}

function check(holds: boolean, kind: string, value: string, expected: string): string {
  if (holds) return value;
  throw new UnderwareError({
    code: 'PAYLOAD_INVALID',
    attempted: 'run a workload',
    on: `${kind} ${JSON.stringify(value)}`,
    why: `this is not a valid ${kind}`,
    remedy: `Use ${expected}.`,
  });
}
