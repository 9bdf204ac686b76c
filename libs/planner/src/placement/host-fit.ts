import { hookFor, programHook } from '@underware/core';
import type { Hook, InventoryHost, PlacementRule, Runtime, Vnf } from '@underware/core';
import { UNDERSERVICE_KINDS } from '@underware/underservices';
import type { Attachment, GraphIndex } from '../graph-index.js';

export type { Attachment };
import { wantedKind } from '../plugin-kind.js';
import { compareText, deviceName } from '../stable-names.js';
import type { PluginChoices } from './choose-plugin.js';

/**
 * Half of the kernel's 33 tail calls, one of which ends the chain: a packet that is delivered runs through the sender's chain
 * and the receiver's in one go, and past the last call it would leave without having met the rest.
 */
export const DELIVERED_DEPTH = 16;

/** In the order of ports, then of the graph's underservices. */
export function attachmentsOf(vnf: Vnf, index: GraphIndex): readonly Attachment[] {
  const known = index.attachments.get(vnf.name);
  if (known !== undefined) return known;
  const { portsOfVnf, bindings, deliveredBy } = index;
  const attachments: Attachment[] = [];
  index.attachments.set(vnf.name, attachments);
  for (const { name: port, link } of portsOfVnf.get(vnf.name) ?? []) {
    for (const { underservice, directions } of bindings.get(port) ?? []) {
      const { name, kind } = underservice;
      const { delivers, routes, replicates } = UNDERSERVICE_KINDS.get(kind) ?? {};
      for (const direction of directions) {
        // Who delivers or routes does so at the sender's port.
        if ((delivers === true || routes === true) && direction === 'inbound') continue;
        const attachment = { underservice: name, kind: wantedKind(underservice), port, direction };
        attachments.push({ ...attachment, hook: hookFor('veth', direction) });
        if (replicates?.(underservice.model) === true)
          attachments.push({ ...attachment, hook: 'tcx/ingress' });
        // What is handed over in XDP never meets the other hook of its direction.
        if (direction === 'inbound' && deliveredBy.has(link))
          attachments.push({ ...attachment, hook: 'xdp/egress' });
      }
    }
  }
  return attachments;
}

/** The first of the VNF's runtimes that the host offers. */
export function runtimeOn(vnf: Pick<Vnf, 'runtimes'>, host: InventoryHost): Runtime | undefined {
  return vnf.runtimes.find((runtime) => host.facts.runtimes.some((offered) => offered.runtime === runtime));
}

/** The zone that an operator gave a host, or its label. */
export function zoneOf({ zone, labels }: InventoryHost): string | undefined {
  return zone ?? (Object.hasOwn(labels, 'zone') ? labels['zone'] : undefined);
}

/** What one VNF wants of a host whatever else is placed where; a want that is relaxed is left out. */
export interface Wants {
  runtimes: readonly Runtime[];
  /** With the rule that says so, or none when it is the VNF itself. */
  labels: readonly { label: string; value: string; rule?: string }[];
  zones: readonly Pick<PlacementRule, 'name' | 'zones'>[];
  attachments: readonly Attachment[];
  /** The deepest chain that is allowed; undefined: any. */
  chainDepth: number | undefined;
}

/** Every reason why a host cannot give what is wanted; empty when it can. */
export function misfits(
  wants: Wants,
  host: InventoryHost,
  plugins: PluginChoices,
  service: string,
): string[] {
  const reasons: string[] = [];
  if (!host.ready) reasons.push(`is not ready: ${host.reason ?? 'no reason was given'}`);
  for (const { label, value, rule } of wants.labels) {
    const has = Object.hasOwn(host.labels, label) ? host.labels[label] : undefined;
    if (has !== value) {
      reasons.push(`has ${label}=${has ?? '(none)'}, not ${value}${rule === undefined ? '' : ` (${rule})`}`);
    }
  }
  for (const { name, zones = [] } of wants.zones) {
    const zone = zoneOf(host);
    if (zone === undefined || !zones.includes(zone)) {
      reasons.push(
        `is in ${zone === undefined ? 'no zone' : `zone ${zone}`}, not ${zones.join(' or ')} (${name})`,
      );
    }
  }
  if (wants.runtimes.length > 0 && runtimeOn({ runtimes: [...wants.runtimes] }, host) === undefined) {
    const offered = host.facts.runtimes.map(({ runtime }) => runtime).join(', ') || 'nothing';
    reasons.push(`offers ${offered}, not ${wants.runtimes.join(' or ')}`);
  }
  return [...reasons, ...kernelMisfits(wants, host, plugins), ...depthMisfits(wants, host, service)];
}

function kernelMisfits({ attachments }: Wants, host: InventoryHost, plugins: PluginChoices): string[] {
  const reasons = new Set<string>();
  for (const { kind, hook } of attachments) {
    const { chosen, rejected } = plugins.choose(kind, hook, host);
    if (chosen !== undefined) continue;
    if (rejected.length === 0) reasons.add(`cannot get a ${kind}: no plugin of the catalog implements it`);
    for (const { choice, reason } of rejected) reasons.add(`cannot run ${choice} on ${hook}: ${reason}`);
  }
  return [...reasons];
}

function depthMisfits({ attachments, chainDepth }: Wants, host: InventoryHost, service: string): string[] {
  if (chainDepth === undefined) return [];
  const delivered = new Set(
    attachments.flatMap(({ port, kind, hook }) =>
      hook === 'xdp/egress' || UNDERSERVICE_KINDS.get(kind)?.delivers === true ? [port] : [],
    ),
  );
  return chainDepths(attachments).flatMap(({ port, hook, depth }) => {
    const shared = delivered.has(port) && programHook(hook) === 'xdp';
    const most = shared ? Math.min(chainDepth, DELIVERED_DEPTH) : chainDepth;
    const budget = most - foreignOn(host, service, port, hook);
    if (depth <= budget) return [];
    return [`would chain ${depth} instances on ${port} ${hook}, ${budget} are possible`];
  });
}

/** How deep the chains of the attachments are, in the order of ports and hooks. */
export function chainDepths(
  attachments: readonly Attachment[],
): { port: string; hook: Hook; depth: number }[] {
  const depths = new Map<string, { port: string; hook: Hook; depth: number }>();
  for (const { port, hook } of attachments) {
    const key = `${port} ${hook}`;
    const chain = depths.get(key);
    if (chain === undefined) depths.set(key, { port, hook, depth: 1 });
    else chain.depth += 1;
  }
  return [...depths.values()].sort((a, b) => compareText(a.port, b.port) || compareText(a.hook, b.hook));
}

/** Programs that are not ours on the device that a port would have on a host. */
function foreignOn({ foreignPrograms }: InventoryHost, service: string, port: string, hook: Hook): number {
  if (foreignPrograms.length === 0) return 0;
  const device = deviceName(service, port);
  return foreignPrograms.filter((other) => other.device === device && other.hook === hook).length;
}
