import type { Direction, Hook, Link, Port, ServiceGraph, Underservice, Vnf } from '@underware/core';
import { UNDERSERVICE_KINDS } from '@underware/underservices';
import { compareText } from './stable-names.js';

/** One plugin instance that a VNF brings along: its host must be able to run it. */
export interface Attachment {
  underservice: string;
  kind: string;
  port: string;
  direction: Direction;
  hook: Hook;
  /** It is on this uplink of its host, for the segment that `port` is on. */
  uplink?: string;
}

/** A graph by name, so that nothing has to be searched for: every list is in the order of names. */
export interface GraphIndex {
  vnfs: ReadonlyMap<string, Vnf>;
  ports: ReadonlyMap<string, Port>;
  links: ReadonlyMap<string, Link>;
  underservices: ReadonlyMap<string, Underservice>;
  portsOfVnf: ReadonlyMap<string, readonly Port[]>;
  portsOfLink: ReadonlyMap<string, readonly Port[]>;
  /** By VNF, those that were asked for. */
  attachments: Map<string, readonly Attachment[]>;
  /** By port: what is bound to it. Underservices are in the order of the graph. */
  bindings: ReadonlyMap<string, readonly { underservice: Underservice; directions: Binding['directions'] }[]>;
  /** By link: the underservice that delivers to its ports. */
  deliveredBy: ReadonlyMap<string, Underservice>;
  /** By port: the router that serves it. */
  routerOf: ReadonlyMap<string, Router>;
  /** By link: the routers that serve ports of it. */
  routersOf: ReadonlyMap<string, readonly Router[]>;
}

/** An underservice of a kind that routes. */
export interface Router {
  underservice: Underservice;
  /** That it has ports on, in the order of names. */
  links: readonly string[];
  ports: readonly string[];
}

type Binding = Underservice['bindings'][number];

const known = new WeakMap<ServiceGraph, GraphIndex>();

/** The index of a graph that was not changed since it was last indexed, if it was. */
export function indexUnchanged(graph: ServiceGraph): GraphIndex {
  return known.get(graph) ?? indexGraph(graph);
}

export function indexGraph(graph: ServiceGraph): GraphIndex {
  const ports = graph.ports.toSorted((a, b) => compareText(a.name, b.name));
  const bindings = new Map<string, { underservice: Underservice; directions: Binding['directions'] }[]>();
  for (const underservice of graph.underservices) {
    for (const { port, directions } of underservice.bindings) {
      listAt(bindings, port).push({ underservice, directions });
    }
  }
  const portsOfVnf = new Map<string, Port[]>();
  const portsOfLink = new Map<string, Port[]>();
  for (const port of ports) {
    listAt(portsOfVnf, port.vnf).push(port);
    listAt(portsOfLink, port.link).push(port);
  }
  const index: GraphIndex = {
    vnfs: byName(graph.vnfs),
    ports: byName(ports),
    links: byName(graph.links),
    underservices: byName(graph.underservices),
    portsOfVnf,
    portsOfLink,
    bindings,
    deliveredBy: deliveredLinks(graph),
    ...routersIn(graph),
    attachments: new Map(),
  };
  known.set(graph, index);
  return index;
}

/** Links with an underservice of a kind that delivers on any of their ports: the first of the graph. */
function deliveredLinks({ underservices, ports }: ServiceGraph): Map<string, Underservice> {
  const linkOf = new Map(ports.map(({ name, link }) => [name, link]));
  const links = new Map<string, Underservice>();
  for (const underservice of underservices) {
    if (UNDERSERVICE_KINDS.get(underservice.kind)?.delivers !== true) continue;
    for (const { port } of underservice.bindings) {
      const link = linkOf.get(port);
      if (link !== undefined && !links.has(link)) links.set(link, underservice);
    }
  }
  return links;
}

/** Of routers on the same port, the first of the graph serves it. */
function routersIn({ underservices, ports }: ServiceGraph): Pick<GraphIndex, 'routerOf' | 'routersOf'> {
  const linkOf = new Map(ports.map(({ name, link }) => [name, link]));
  const routerOf = new Map<string, Router>();
  const routersOf = new Map<string, Router[]>();
  for (const underservice of underservices) {
    if (UNDERSERVICE_KINDS.get(underservice.kind)?.routes !== true) continue;
    const bound = underservice.bindings.map(({ port }) => port);
    const links = [...new Set(bound.map((port) => linkOf.get(port) ?? ''))].sort(compareText);
    const router = { underservice, links, ports: bound };
    for (const port of bound) if (!routerOf.has(port)) routerOf.set(port, router);
    for (const link of links) listAt(routersOf, link).push(router);
  }
  return { routerOf, routersOf };
}

/** The list under a key, made when there is none. */
export function listAt<Key, Item>(map: Map<Key, Item[]>, key: Key): Item[] {
  let list = map.get(key);
  if (list === undefined) map.set(key, (list = []));
  return list;
}

function byName<Item extends { name: string }>(items: readonly Item[]): Map<string, Item> {
  return new Map(items.map((item) => [item.name, item]));
}
