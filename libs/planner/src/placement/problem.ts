import type { InventoryHost, Vnf } from '@underware/core';
import { compareText } from '../stable-names.js';
import { ALL, keyOf } from './constraints.js';
import type { Active } from './constraints.js';
import { attachmentsOf } from './host-fit.js';
import type { Attachment } from './host-fit.js';
import { HostClasses } from './host-classes.js';
import type { PlacementInput } from './placement-input.js';
import { CPUS, MEMORY, PINNED, resourcesOf } from './resources.js';
import type { Resource } from './resources.js';
import { joined } from './units.js';

/** VNFs that go together: one, or those that an affinity keeps on one host. */
export interface Unit {
  vnfs: readonly Vnf[];
  /** By VNF. */
  attachments: readonly (readonly Attachment[])[];
  /** By resource. */
  need: readonly number[];
  /** By host class: whether its kernel, labels and runtimes fit. */
  fits: Uint8Array;
  /** By host class: the kernel memory that its instances pin. */
  pins: Float64Array;
  /** How many hosts fit by themselves, room aside. */
  choice: number;
  /** What it takes of a mean host, the larger of cpu and memory. */
  size: number;
}

/** The numbers of a placement: what does not change while one is searched for. */
export interface Problem {
  input: PlacementInput;
  active: Active;
  /** In the order of names. */
  hosts: readonly InventoryHost[];
  resources: readonly Resource[];
  /** Amounts by host and resource: `[host * resources.length + resource]`. */
  capacity: Float64Array;
  before: Float64Array;
  classes: HostClasses;
  /** Those with the least choice first, then the largest. */
  units: readonly Unit[];
}

export function compileProblem(input: PlacementInput, active: Active = ALL): Problem {
  const hosts = input.hosts.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
  const resources = resourcesOf(input.graph);
  const width = resources.length;
  const capacity = new Float64Array(hosts.length * width);
  const before = new Float64Array(hosts.length * width);
  for (const [h, host] of hosts.entries()) {
    for (const [r, resource] of resources.entries()) {
      capacity[h * width + r] = resource.total(host);
      before[h * width + r] = resource.used(host);
    }
  }
  const classes = new HostClasses(input, hosts, active);
  const sizes = sizeScale(capacity, hosts.length, width);
  const units = joined(input.graph, active)
    .map((vnfs) => unitOf(vnfs, input, resources, classes, active, sizes))
    .sort(
      (a, b) =>
        a.choice - b.choice || b.size - a.size || compareText(a.vnfs[0]?.name ?? '', b.vnfs[0]?.name ?? ''),
    );
  return { input, active, hosts, resources, capacity, before, classes, units };
}

function unitOf(
  vnfs: readonly Vnf[],
  input: PlacementInput,
  resources: readonly Resource[],
  classes: HostClasses,
  active: Active,
  [cpus, memory]: readonly [number, number],
): Unit {
  const need = resources.map(() => 0);
  for (const vnf of vnfs) {
    for (const [r, resource] of resources.entries()) {
      const wanted = resource.need(vnf);
      if (r === PINNED || wanted === 0) continue;
      if (active === ALL || active(keyOf.amount(vnf.name, resource.key))) need[r] = (need[r] ?? 0) + wanted;
    }
  }
  const attachments = vnfs.map((vnf) => attachmentsOf(vnf, input.index));
  const { fits, pins, choice } = classes.fitOf(vnfs, attachments);
  const size = Math.max((need[CPUS] ?? 0) / Math.max(1, cpus), (need[MEMORY] ?? 0) / Math.max(1, memory));
  return { vnfs, attachments, need, fits, pins, choice, size };
}

/** The mean of what hosts have, so that a unit's size is what it would take of one. */
function sizeScale(capacity: Float64Array, hosts: number, width: number): [number, number] {
  const sums: [number, number] = [0, 0];
  for (let h = 0; h < hosts; h++) {
    sums[0] += capacity[h * width + CPUS] ?? 0;
    sums[1] += capacity[h * width + MEMORY] ?? 0;
  }
  return [sums[0] / Math.max(1, hosts), sums[1] / Math.max(1, hosts)];
}
