import type {
  DesiredInstance,
  DesiredPort,
  DesiredSlice,
  DesiredWorkload,
  Hook,
  HostState,
  ObservedState,
  Step,
} from '@underware/core';
import { predict } from './diff-predict.js';

export const NOTHING_THERE: ObservedState = {
  roots: [],
  instances: [],
  foreign: [],
  namespaces: [],
  ports: [],
  routes: [],
  workloads: [],
};

export function hostState(...slices: DesiredSlice[]): HostState {
  return { host: 'h1', generation: 1, slices };
}

export function sliceOf(service: string, parts: Partial<DesiredSlice['slice']> = {}): DesiredSlice {
  return {
    service,
    stage: 'running',
    slice: { ports: [], routes: [], instances: [], assertions: [], workloads: [], ...parts },
  };
}

export function vnfPort(service: string, name: string, device: string): DesiredPort {
  return {
    key: `${service}/${name}`,
    kind: 'veth',
    device,
    mac: '02:00:00:00:00:01',
    mtu: 1500,
    peer: {
      namespace: `uw-${service}-${name}`,
      device: 'eth0',
      mac: '02:00:00:00:00:02',
      addresses: ['10.60.0.2/32', 'fd60::2/128'],
    },
  };
}

export const UPLINK: DesiredPort = {
  key: 'uplink/eth0',
  kind: 'uplink',
  device: 'eth0',
  mac: '02:00:00:00:00:ff',
  mtu: 1500,
};

/** `name` gives the id, so that revisions of one name are revisions of one instance. */
export function instance(
  name: string,
  port: string,
  hook: Hook,
  order: number,
  revision = 'r1',
): DesiredInstance {
  const id = hex(name, 16);
  const rev = hex(revision, 8);
  return {
    key: `${id}-${rev}`,
    id,
    revision: rev,
    underservice: name,
    plugin: { name: 'firewall', version: '0.1.0', digest: `sha256:${hex(revision, 64)}` },
    program: 'firewall_xdp',
    port,
    hook,
    order,
    config: { rodata: {}, maps: {}, mapSizes: {} },
    residency: 'dynamic',
  };
}

export function workload(
  service: string,
  vnf: string,
  after: string[] = [],
  revision = 'r1',
): DesiredWorkload {
  return {
    key: hex(`${service}/${vnf}`, 16),
    revision: hex(revision, 8),
    vnf,
    runtime: 'process',
    command: ['/bin/server'],
    environment: {},
    cpus: 0.5,
    memoryBytes: 1 << 26,
    namespace: `uw-${service}-${vnf}`,
    after: after.map((other) => hex(`${service}/${other}`, 16)),
  };
}

/** Readable hex: the letters of the name that are hex digits stay recognisable by position only, so goldens use names. */
function hex(name: string, length: number): string {
  const digits = [...name].map((letter) => (letter.codePointAt(0) ?? 0).toString(16).slice(-2)).join('');
  return digits.padEnd(length, '0').slice(0, length);
}

export function apply(state: ObservedState, steps: Step[]): ObservedState {
  return steps.reduce((now, step) => predict(now, step.do), state);
}

export function undo(state: ObservedState, steps: Step[]): ObservedState {
  return [...steps].reverse().reduce((now, step) => (step.undo ? predict(now, step.undo) : now), state);
}

function sorted<T>(list: T[]): T[] {
  return [...list].sort((a, b) => (JSON.stringify(a) < JSON.stringify(b) ? -1 : 1));
}

/** Without what is not state: ids, tags and the order of lists. */
export function normal(state: ObservedState): unknown {
  return {
    roots: sorted(state.roots.map(({ device, hook, next, attached }) => ({ device, hook, next, attached }))),
    instances: sorted(state.instances.map(({ key, next, intact }) => ({ key, next, intact }))),
    namespaces: sorted(state.namespaces),
    ports: sorted(state.ports),
    routes: sorted(state.routes),
    workloads: sorted(state.workloads.map(({ key, revision, state: run }) => ({ key, revision, run }))),
  };
}

/** The instances a packet meets, from the root on; throws on a circle. */
export function chainAt(state: ObservedState, device: string, hook: Hook): string[] | undefined {
  const root = state.roots.find((each) => each.device === device && each.hook === hook);
  if (!root?.attached) return undefined;
  const met: string[] = [];
  let next = root.next;
  while (next.kind === 'instance') {
    const { key } = next;
    if (met.includes(key)) throw new Error(`the chain on ${device} ${hook} is a circle`);
    met.push(key);
    const found = state.instances.find((each) => each.key === key);
    if (!found) throw new Error(`${key} is linked but not loaded`);
    next = found.next;
  }
  return met;
}

/** Steps in words, with names of instances in place of their keys. */
export function words(steps: Step[], state: HostState, ...more: HostState[]): string {
  let text = steps.map((step) => `${step.service}: ${step.name}`).join('\n');
  const states = [state, ...more];
  const slices = states.flatMap((each) => each.slices.map(({ slice }) => slice));
  const instances = [
    ...slices.flatMap((slice) => slice.instances),
    ...states.flatMap(({ held = [] }) => held),
  ];
  for (const { key, underservice, revision } of instances)
    text = text.replaceAll(
      key,
      `${underservice}@${Buffer.from(revision, 'hex').toString().replaceAll('\0', '')}`,
    );
  for (const { key, vnf } of slices.flatMap(({ workloads }) => workloads))
    text = text.replaceAll(` ${key}`, text.includes(`${vnf} ${key}`) ? '' : ` ${vnf}`);
  return text;
}
