import type {
  Change,
  DesiredInstance,
  DesiredPort,
  DesiredRoute,
  DesiredWorkload,
  HostSlice,
  Mark,
} from '@underware/core';
import { sameContent } from './same-content.js';
import { compareText } from './stable-names.js';

/** How to tell two things of a kind apart, and what to say of them. */
interface Kind<Item> {
  what: Change['what'];
  idOf(item: Item): string;
  nameOf(item: Item): string;
  /** Of one alone. */
  describe(item: Item): string;
  markOf?(was: Item, item: Item): Mark;
  /** Differences in words; none: its parts are compared by name. */
  tell?(was: Item, item: Item): string[];
}

/** What becomes of one host's slice: kinds in the order in which a host is conditioned, names in order. */
export function compareSlices(old: HostSlice, now: HostSlice): Change[] {
  return [
    ...compare(PORT, old.ports, now.ports),
    ...compare(ROUTE, old.routes, now.routes),
    ...compare(INSTANCE, old.instances, now.instances),
    ...compare(ASSERTION, old.assertions, now.assertions),
    ...compare(WORKLOAD, old.workloads, now.workloads),
  ];
}

export function instanceName({ underservice, port, hook }: DesiredInstance): string {
  return `${underservice} on ${shortPort(port)} ${hook}`;
}

/** Without the service that it belongs to. */
export function shortPort(key: string): string {
  return key.slice(key.indexOf('/') + 1);
}

const PORT: Kind<DesiredPort> = {
  what: 'port',
  idOf: ({ key }) => key,
  nameOf: ({ key }) => shortPort(key),
  describe: ({ device, peer }) => [device, ...(peer?.addresses ?? [])].join(' '),
};

const ROUTE: Kind<DesiredRoute> = {
  what: 'route',
  idOf: ({ destination }) => destination,
  nameOf: ({ destination }) => destination,
  describe: via,
  tell: (was, item) => [`${via(was)} → ${via(item)}`],
};

const INSTANCE: Kind<DesiredInstance> = {
  what: 'instance',
  idOf: ({ id }) => id,
  nameOf: instanceName,
  describe: release,
  markOf: (was, item) => (was.key === item.key ? '~' : '↻'),
  tell: (was, item) => [
    ...(sameContent(was.plugin, item.plugin) ? [] : [upgrade(was, item)]),
    ...(was.program === item.program ? [] : [`program ${was.program} → ${item.program}`]),
    ...(sameContent(was.config, item.config) ? [] : ['other config']),
    ...(was.order === item.order ? [] : [`place in the chain ${was.order} → ${item.order}`]),
    ...(was.residency === item.residency ? [] : [`residency ${was.residency} → ${item.residency}`]),
  ],
};

const ASSERTION: Kind<HostSlice['assertions'][number]> = {
  what: 'assertion',
  idOf: ({ name, port, hook, packet }) => `${name} ${port} ${hook} ${packet.destination}`,
  nameOf: ({ name, port }) => `${name} on ${shortPort(port)}`,
  describe: ({ packet, expect }) =>
    `${packet.protocol} from ${packet.source} to ${packet.destination} must ${expect === 'pass' ? 'pass' : 'be dropped'}`,
};

const WORKLOAD: Kind<DesiredWorkload> = {
  what: 'workload',
  idOf: ({ key }) => key,
  nameOf: ({ vnf }) => vnf,
  describe: ({ runtime, image, cpus, memoryBytes }) =>
    `${runtime}${image === undefined ? '' : ` ${image}`}, ${cpus} cpus, ${memoryBytes} bytes`,
  tell: (was, item) => [
    ...partsThatDiffer(was, item, ['key', 'revision']),
    ...(was.revision === item.revision ? [] : ['it is started again']),
  ],
};

function via({ via: way }: DesiredRoute): string {
  return 'device' in way ? `device ${way.device}` : `next hop ${way.nextHop}`;
}

function release({ plugin }: DesiredInstance): string {
  return `${plugin.name}@${plugin.version}`;
}

/** A plugin that was built again has the same version and another digest. */
function upgrade(was: DesiredInstance, item: DesiredInstance): string {
  const [before, after] = [release(was), release(item)];
  return before === after ? `another build of ${after}` : `${before} → ${after}`;
}

/** `mtu 1500 → 1400`; what is more than a number or a word is named alone. */
function partsThatDiffer(was: object, item: object, except: readonly string[] = []): string[] {
  const [old, now] = [new Map(Object.entries(was)), new Map(Object.entries(item))];
  const names = [...new Set([...old.keys(), ...now.keys()])].filter((name) => !except.includes(name));
  return names.sort(compareText).flatMap((name) => {
    const [before, after]: unknown[] = [old.get(name), now.get(name)];
    if (sameContent(before, after)) return [];
    const isPlain = [before, after].every((value) =>
      ['string', 'number', 'undefined'].includes(typeof value),
    );
    return [isPlain ? `${name} ${String(before ?? 'none')} → ${String(after ?? 'none')}` : `other ${name}`];
  });
}

function compare<Item extends object>(
  kind: Kind<Item>,
  old: readonly Item[],
  now: readonly Item[],
): Change[] {
  const { what, idOf, nameOf, describe, markOf = () => '~', tell = partsThatDiffer } = kind;
  const before = new Map(old.map((item) => [idOf(item), item]));
  const after = new Set(now.map(idOf));
  const marked = now.flatMap((item): Change[] => {
    const was = before.get(idOf(item));
    const name = nameOf(item);
    if (was === undefined) return [{ mark: '+', what, name, detail: describe(item) }];
    // A plan that was stored has its keys in another order.
    if (sameContent(was, item)) return [];
    return [{ mark: markOf(was, item), what, name, detail: tell(was, item).join(', ') }];
  });
  const gone = old.filter((item) => !after.has(idOf(item)));
  return [
    ...marked,
    ...gone.map((item): Change => ({ mark: '-', what, name: nameOf(item), detail: describe(item) })),
  ].sort((a, b) => compareText(a.name, b.name) || compareText(a.mark, b.mark));
}
