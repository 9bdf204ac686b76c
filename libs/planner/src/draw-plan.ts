import type { Plan, Port, ServiceGraph } from '@underware/core';
import { compareText, portKey } from './stable-names.js';

/**
 * The service graph with its placement, in the language of Graphviz (dot): a box for each host with its VNFs and their ports,
 * chains written into the ports; links between them; dashed what starts first; coloured the forwarding paths.
 */
export function drawPlan(graph: ServiceGraph, plan: Plan, names: ReadonlyMap<string, string>): string {
  const hosts = [...new Set(plan.placements.map(({ host }) => host))];
  const labelled = hosts.map((id) => ({ id, name: names.get(id) ?? id }));
  labelled.sort((a, b) => compareText(a.name, b.name));
  return [
    `digraph ${quoted(`${graph.name} ${graph.version}`)} {`,
    '  rankdir=LR;',
    '  node [shape=box];',
    ...labelled.flatMap(({ id, name }) => drawHost(graph, plan, id, name)),
    ...graph.links.map(({ name, subnets }) => node(`link ${name}`, [name, ...subnets], 'shape=ellipse')),
    ...graph.ports.flatMap(({ name, vnf, link }) => [
      edge(`vnf ${vnf}`, `port ${name}`, 'dir=none'),
      edge(`port ${name}`, `link ${link}`, 'dir=none'),
    ]),
    ...Object.entries(graph.startsAfter).flatMap(([vnf, before]) =>
      before.map((first) => edge(`vnf ${first}`, `vnf ${vnf}`, 'style=dashed, label="starts first"')),
    ),
    ...drawPaths(graph),
    '}',
    '',
  ].join('\n');
}

function drawHost(graph: ServiceGraph, plan: Plan, id: string, name: string): string[] {
  const placed = plan.placements.filter(({ host }) => host === id);
  const ports = graph.ports.filter(({ vnf }) => placed.some((each) => each.vnf === vnf));
  return [
    `  subgraph ${quoted(`cluster ${name}`)} {`,
    `    label=${quoted(`host ${name}`)};`,
    ...placed.map(({ vnf, runtime }) => `  ${node(`vnf ${vnf}`, [vnf, runtime], 'style=filled')}`),
    ...ports.map((port) => `  ${node(`port ${port.name}`, portLines(plan, id, port), 'shape=note')}`),
    '  }',
  ];
}

/** Its name, its addresses, and each of its chains in order. */
function portLines(plan: Plan, host: string, { name }: Port): string[] {
  const slice = plan.slices[host];
  const key = portKey(plan.service, name);
  const chains = new Map<string, string[]>();
  const instances = (slice?.instances ?? []).filter(({ port }) => port === key);
  for (const { hook, underservice } of instances.toSorted((a, b) => a.order - b.order))
    chains.set(hook, [...(chains.get(hook) ?? []), underservice]);
  const addresses = slice?.ports.find((port) => port.key === key)?.peer?.addresses ?? [];
  return [name, ...addresses, ...[...chains].sort().map(([hook, hops]) => `${hook}: ${hops.join(' → ')}`)];
}

function drawPaths({ forwardingPaths = [] }: ServiceGraph): string[] {
  return forwardingPaths.flatMap(({ name, hops }) => {
    const ports = hops.filter(({ kind }) => kind === 'port');
    return ports.slice(1).map((to, i) => {
      const from = ports[i]?.name ?? '';
      return edge(`port ${from}`, `port ${to.name}`, `color=blue, label=${quoted(name)}`);
    });
  });
}

function node(id: string, lines: readonly string[], style: string): string {
  return `  ${quoted(id)} [label=${quoted(lines.join('\n'))}, ${style}];`;
}

function edge(from: string, to: string, style: string): string {
  return `  ${quoted(from)} -> ${quoted(to)} [${style}];`;
}

/** JSON's escapes are those of a label: what is in a name means nothing to Graphviz. */
function quoted(text: string): string {
  return JSON.stringify(text);
}
