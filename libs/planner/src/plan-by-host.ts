import type {
  DesiredInstance,
  DesiredWorkload,
  HostPlan,
  HostSlice,
  InventoryHost,
  Plan,
} from '@underware/core';
import { compareSlices } from './compare-slices.js';
import { listAt } from './graph-index.js';
import { compareText } from './stable-names.js';

const NOTHING: HostSlice = { ports: [], routes: [], instances: [], assertions: [], workloads: [] };

/** What a plan does on every host, hosts that are left included; `before` is the plan in force. */
export function planByHost(
  plan: Plan,
  before?: Pick<Plan, 'slices'>,
  inventory: { hosts: readonly Pick<InventoryHost, 'id' | 'held'>[] } = { hosts: [] },
): HostPlan[] {
  const ids = new Set([...Object.keys(plan.slices), ...Object.keys(before?.slices ?? {})]);
  const held = new Map(inventory.hosts.map(({ id, held: instances = [] }) => [id, instances]));
  return [...ids].sort(compareText).map((id) => {
    const slice = plan.slices[id] ?? NOTHING;
    const old = before?.slices[id] ?? NOTHING;
    const there = new Set([...old.instances, ...(held.get(id) ?? [])].map(({ key }) => key));
    const keysOf = (keep: (instance: DesiredInstance) => boolean): string[] =>
      slice.instances.filter(keep).map(({ key }) => key);
    const running = new Set(old.workloads.map(({ key, revision }) => `${key} ${revision}`));
    const cost = plan.costs?.hosts[id];
    return {
      host: id,
      placed: slice.workloads.map(({ vnf }) => vnf),
      loaded: keysOf(({ key }) => !there.has(key)),
      reused: keysOf(({ key }) => there.has(key)),
      chained: chainsOf(slice),
      pinned: keysOf(({ residency }) => residency === 'persistent'),
      dynamic: keysOf(({ residency }) => residency === 'dynamic'),
      started: startOrder(slice.workloads)
        .filter(({ key, revision }) => !running.has(`${key} ${revision}`))
        .map(({ vnf }) => vnf),
      changes: compareSlices(old, slice),
      ...(cost === undefined ? {} : { cost }),
    };
  });
}

function chainsOf({ instances }: HostSlice): HostPlan['chained'] {
  const chains = new Map<string, DesiredInstance[]>();
  for (const instance of instances) listAt(chains, `${instance.port} ${instance.hook}`).push(instance);
  return [...chains.values()].map((chain) => {
    const [first] = chain.sort((a, b) => a.order - b.order || compareText(a.key, b.key));
    return { port: first?.port ?? '', hook: first?.hook ?? '', instances: chain.map(({ key }) => key) };
  });
}

/** Each after those that it waits for, otherwise as they are listed. */
function startOrder(workloads: readonly DesiredWorkload[]): DesiredWorkload[] {
  const ordered = new Set<DesiredWorkload>();
  const waiting = new Set<DesiredWorkload>();
  const visit = (workload: DesiredWorkload): void => {
    if (ordered.has(workload) || waiting.has(workload)) return;
    waiting.add(workload);
    for (const other of workloads) if (workload.after.includes(other.key)) visit(other);
    ordered.add(workload);
  };
  for (const workload of workloads) visit(workload);
  return [...ordered];
}

/** The difference for people: one line a change, hosts in order; a plan that changes nothing says so. */
export function formatChanges(
  hosts: readonly HostPlan[],
  names: ReadonlyMap<string, string> = new Map(),
): string {
  const lines = hosts
    .filter(({ changes }) => changes.length > 0)
    .flatMap(({ host, changes }) => [
      `host ${names.get(host) ?? host}`,
      ...changes.map(({ mark, what, name, detail }) => `  ${mark} ${what} ${name}: ${detail}`),
    ]);
  return `${(lines.length === 0 ? ['nothing changes'] : lines).join('\n')}\n`;
}
