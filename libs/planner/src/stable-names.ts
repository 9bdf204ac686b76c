import { hash } from 'node:crypto';

/** Names and keys that the same service always gets: everything is a hash over what it names. */

/** `length` hex digits over the parts; parts cannot run into one another. */
export function hashOf(length: number, ...parts: string[]): string {
  return hash('sha256', JSON.stringify(parts)).slice(0, length);
}

export function portKey(service: string, port: string): string {
  return `${service}/${port}`;
}

export function uplinkKey(device: string): string {
  return `uplink/${device}`;
}

/** Host-side device: 14 of the kernel's 15 characters. */
export function deviceName(service: string, port: string): string {
  return `uw${hashOf(12, 'device', service, port)}`;
}

export function namespaceName(service: string, vnf: string): string {
  return `uw-${hashOf(12, 'namespace', service, vnf)}`;
}

/** Locally administered and unicast. */
export function macAddress(service: string, port: string, side: 'host' | 'vnf'): string {
  const digits = hashOf(10, 'mac', service, port, side);
  return ['02', ...(digits.match(/../g) ?? [])].join(':');
}

/** `where` is what tells instances of an underservice at one port apart: the direction, and the hook where it has two. */
export function instanceId(service: string, underservice: string, port: string, where: string): string {
  return hashOf(16, 'instance', service, underservice, port, where);
}

/** Whose maps the instances of one underservice share on a host. */
export function stateOwner(service: string, underservice: string): string {
  return hashOf(16, 'state', service, underservice);
}

export function workloadKey(service: string, vnf: string): string {
  return hashOf(16, 'workload', service, vnf);
}

/** 8 hex digits over any plain data, whatever the order of its keys. */
export function revisionOf(value: unknown): string {
  return hashOf(8, 'revision', stableJson(value));
}

/** JSON with the keys of every object in order. */
export function stableJson(value: unknown): string {
  return JSON.stringify(value, (_key, entry: unknown) =>
    typeof entry === 'object' && entry !== null && !Array.isArray(entry)
      ? Object.fromEntries(Object.entries(entry).sort(([a], [b]) => compareText(a, b)))
      : entry,
  );
}

/** Code unit order: the same on every machine, unlike a locale's. */
export function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
