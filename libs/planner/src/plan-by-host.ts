import type { DesiredInstance, DesiredWorkload, HostCost, HostSlice, Inventory, Plan } from '@underware/core';
import { listAt } from './graph-index.js';
import { compareText } from './stable-names.js';

/** `+` is new, `~` is changed, `↻` is replaced in place by another revision, `-` goes away; what stays has no mark. */
export type Mark = '+' | '~' | '↻' | '-';

export interface Change {
  mark: Mark;
  what: 'port' | 'route' | 'instance' | 'workload';
  /** `guard on web_port xdp`, `web`, … */
  name: string;
}

/** What a plan does on one host. */
export interface HostPlan {
  host: string;
  /** VNFs. */
  placed: string[];
  /** Keys of plugin instances: loaded by this plan, or there already, of this service or held for it. */
  loaded: string[];
  reused: string[];
  /** Instances of each chain by key, in the order in which packets meet them. */
  chained: { port: string; hook: string; instances: string[] }[];
  /** Keys of instances that outlive the service, and of those that go with their last user. */
  pinned: string[];
  dynamic: string[];
  /** VNFs that this plan starts, those first that others wait for. */
  started: string[];
  /** Against the plan before, in the order of names. */
  changes: Change[];
  cost?: HostCost;
}

const NOTHING: HostSlice = { ports: [], routes: [], instances: [], assertions: [], workloads: [] };

/** What a plan does on every host, hosts that are left included; `before` is the plan in force. */
export function planByHost(
  plan: Plan,
  before?: Pick<Plan, 'slices'>,
  inventory: Inventory = { hosts: [] },
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
      changes: changesOf(old, slice),
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

function instanceName({ underservice, port, hook }: DesiredInstance): string {
  return `${underservice} on ${port.slice(port.indexOf('/') + 1)} ${hook}`;
}

function changesOf(old: HostSlice, slice: HostSlice): Change[] {
  const port = compare(
    old.ports,
    slice.ports,
    ({ key }) => key,
    ({ key }) => key.slice(key.indexOf('/') + 1),
  );
  const route = compare(
    old.routes,
    slice.routes,
    ({ destination }) => destination,
    ({ destination }) => destination,
  );
  const instance = compare(old.instances, slice.instances, ({ id }) => id, instanceName, '↻');
  const workload = compare(
    old.workloads,
    slice.workloads,
    ({ key }) => key,
    ({ vnf }) => vnf,
  );
  return [
    ...port.map((change): Change => ({ ...change, what: 'port' })),
    ...route.map((change): Change => ({ ...change, what: 'route' })),
    ...instance.map((change): Change => ({ ...change, what: 'instance' })),
    ...workload.map((change): Change => ({ ...change, what: 'workload' })),
  ];
}

function compare<Item>(
  old: readonly Item[],
  now: readonly Item[],
  idOf: (item: Item) => string,
  nameOf: (item: Item) => string,
  changed: Mark = '~',
): { mark: Mark; name: string }[] {
  const before = new Map(old.map((item) => [idOf(item), item]));
  const after = new Set(now.map(idOf));
  const marked = now.flatMap((item): { mark: Mark; name: string }[] => {
    const was = before.get(idOf(item));
    if (was === undefined) return [{ mark: '+', name: nameOf(item) }];
    return JSON.stringify(was) === JSON.stringify(item) ? [] : [{ mark: changed, name: nameOf(item) }];
  });
  const gone = old.filter((item) => !after.has(idOf(item)));
  return [...marked, ...gone.map((item) => ({ mark: '-' as const, name: nameOf(item) }))].sort(
    (a, b) => compareText(a.name, b.name) || compareText(a.mark, b.mark),
  );
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
      ...changes.map(({ mark, what, name }) => `  ${mark} ${what} ${name}`),
    ]);
  return `${(lines.length === 0 ? ['nothing changes'] : lines).join('\n')}\n`;
}
