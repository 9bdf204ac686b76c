import type { ServiceGraph, Vnf } from '@underware/core';
import { compareText } from '../stable-names.js';
import { chainDepths } from './host-fit.js';
import type { Attachment } from './host-fit.js';
import { inWords } from './resources.js';
import type { Resource } from './resources.js';

/** One thing that the descriptor asks of a placement; each can be given up alone, to find out which of them conflict. */
export interface Constraint {
  key: string;
  /** In words, e.g. `web wants zone=a`. */
  text: string;
  /** VNFs that it is about. */
  vnfs: readonly string[];
}

/** Whether a constraint holds; what does not is planned without. */
export type Active = (key: string) => boolean;

/** Everything that the descriptor asks for. */
export const ALL: Active = () => true;

export const keyOf = {
  runtime: (vnf: string) => `runtime of ${vnf}`,
  label: (vnf: string, label: string) => `label ${label} of ${vnf}`,
  amount: (vnf: string, resource: string) => `${resource} of ${vnf}`,
  kernel: (vnf: string, underservice: string) => `${underservice} at ${vnf}`,
  depth: (vnf: string) => `chains of ${vnf}`,
  rule: (name: string) => `rule ${name}`,
  apart: (name: string) => `apart ${name}`,
  together: (name: string) => `together ${name}`,
  reach: (link: string) => `reach of ${link}`,
  latency: (link: string) => `latency of ${link}`,
  bandwidth: (link: string) => `bandwidth of ${link}`,
};

/** All constraints of the given VNFs, and of what is among them, in a fixed order. */
export function constraintsOf(
  graph: ServiceGraph,
  vnfs: readonly Vnf[],
  resources: readonly Resource[],
  attachmentsOf: (vnf: Vnf) => readonly Attachment[],
): Constraint[] {
  const names = new Set(vnfs.map(({ name }) => name));
  const found = vnfs.flatMap((vnf) => ofVnf(vnf, resources, attachmentsOf(vnf)));
  const among = (others: readonly string[]): string[] =>
    others.filter((name) => names.has(name)).sort(compareText);
  for (const { name, vnfs: all, zones, hostLabels = {} } of graph.placementRules ?? []) {
    const wants = [
      ...(zones === undefined ? [] : [`in zone ${zones.join(' or ')}`]),
      ...Object.entries(hostLabels).map(([label, value]) => `where ${label}=${value}`),
    ];
    const text = `${name} wants ${listed(among(all))} ${wants.join(' and ')}`;
    if (among(all).length > 0) found.push({ key: keyOf.rule(name), text, vnfs: among(all) });
  }
  for (const { name, vnfs: all, scope } of graph.affinity ?? []) {
    const text = `${name} keeps ${listed(among(all))} ${scope === 'zone' ? 'in one zone' : 'on one host'}`;
    if (among(all).length >= fewest(scope)) found.push({ key: keyOf.together(name), text, vnfs: among(all) });
  }
  for (const { name, vnfs: all, scope } of graph.antiAffinity ?? []) {
    const text = `${name} keeps ${listed(among(all))} on ${scope === 'zone' ? 'hosts of different zones' : 'different hosts'}`;
    if (among(all).length >= fewest(scope)) found.push({ key: keyOf.apart(name), text, vnfs: among(all) });
  }
  return [...found, ...ofLinks(graph, names)];
}

/** Zones concern a VNF alone as well: its host must be in one. */
function fewest(scope: 'host' | 'zone' | undefined): number {
  return scope === 'zone' ? 1 : 2;
}

function ofVnf(vnf: Vnf, resources: readonly Resource[], attachments: readonly Attachment[]): Constraint[] {
  const { name, runtimes, hostLabels } = vnf;
  const about = [name];
  const deepest = chainDepths(attachments).reduce((most, { depth }) => Math.max(most, depth), 0);
  return [
    { key: keyOf.runtime(name), text: `${name} runs as ${runtimes.join(' or ')}`, vnfs: about },
    ...Object.entries(hostLabels).map(([label, value]) => ({
      key: keyOf.label(name, label),
      text: `${name} wants ${label}=${value}`,
      vnfs: about,
    })),
    ...resources.flatMap((resource) =>
      resource.need(vnf) === 0
        ? []
        : [
            {
              key: keyOf.amount(name, resource.key),
              text: `${name} needs ${inWords(resource, resource.need(vnf))}`,
              vnfs: about,
            },
          ],
    ),
    ...[...new Map(attachments.map(({ underservice, kind }) => [underservice, kind]))].map(
      ([underservice, kind]) => ({
        key: keyOf.kernel(name, underservice),
        text: `${underservice} (${kind}) runs where ${name} is`,
        vnfs: about,
      }),
    ),
    ...(attachments.length === 0
      ? []
      : [
          { key: keyOf.depth(name), text: `chains of ${name} are ${deepest} deep`, vnfs: about },
          {
            key: keyOf.amount(name, 'pinned memory'),
            text: `plugin instances of ${name} pin kernel memory`,
            vnfs: about,
          },
        ]),
  ];
}

function ofLinks(graph: ServiceGraph, names: ReadonlySet<string>): Constraint[] {
  const onLink = new Map<string, Set<string>>();
  for (const { link, vnf } of graph.ports) {
    if (!names.has(vnf)) continue;
    const vnfs = onLink.get(link) ?? new Set<string>();
    onLink.set(link, vnfs.add(vnf));
  }
  return graph.links.flatMap(({ name, bitsPerSecond, maxLatencyMs }) => {
    const vnfs = [...(onLink.get(name) ?? [])].sort(compareText);
    if (vnfs.length < 2) return [];
    return [
      { key: keyOf.reach(name), text: `link ${name} joins ${listed(vnfs)}`, vnfs },
      ...(maxLatencyMs === undefined
        ? []
        : [{ key: keyOf.latency(name), text: `link ${name} allows ${maxLatencyMs} ms`, vnfs }]),
      ...(bitsPerSecond === undefined
        ? []
        : [
            {
              key: keyOf.bandwidth(name),
              text: `link ${name} reserves ${bitsPerSecond / 1e6} Mbit/s a port`,
              vnfs,
            },
          ]),
    ];
  });
}

/** At most five names, so that an answer about thousands can be read. */
export function listed(names: readonly string[]): string {
  const shown = names.length <= 6 ? names : names.slice(0, 5);
  const last = names.length > shown.length ? `${names.length - shown.length} more` : undefined;
  const parts = last === undefined ? [...shown] : [...shown, last];
  const end = parts.pop() ?? '';
  return parts.length === 0 ? end : `${parts.join(', ')} and ${end}`;
}
