import type { InventoryHost, PlacementRule, Vnf } from '@underware/core';
import { listAt } from '../graph-index.js';
import { ALL, keyOf } from './constraints.js';
import type { Active } from './constraints.js';
import { misfits, zoneOf } from './host-fit.js';
import type { Attachment, Wants } from './host-fit.js';
import type { PlacementInput } from './placement-input.js';

export interface Fit {
  fits: Uint8Array;
  pins: Float64Array;
  choice: number;
}

/** Hosts that are alike in all but room, so that what fits one is decided once for all of them. */
export class HostClasses {
  /** By host. */
  readonly of: Int32Array;
  private readonly samples: InventoryHost[] = [];
  private readonly sizes: number[] = [];
  private readonly known = new Map<string, Fit>();
  private readonly rules = new Map<string, PlacementRule[]>();
  private readonly foreign: boolean;

  constructor(
    private readonly input: PlacementInput,
    hosts: readonly InventoryHost[],
    private readonly active: Active,
  ) {
    for (const rule of input.graph.placementRules ?? []) {
      if (!active(keyOf.rule(rule.name))) continue;
      for (const vnf of new Set(rule.vnfs)) listAt(this.rules, vnf).push(rule);
    }
    this.foreign = hosts.some(hasForeign);
    const numbers = new Map<string, number>();
    const profiles = new Map<object | string, number>();
    this.of = Int32Array.from(hosts, (host) => {
      const likeness = likenessOf(host, profiles);
      const known = numbers.get(likeness);
      const number = known ?? this.samples.push(host) - 1;
      numbers.set(likeness, number);
      this.sizes[number] = (this.sizes[number] ?? 0) + 1;
      return number;
    });
  }

  /** Which classes VNFs fit all together, room aside. */
  fitOf(vnfs: readonly Vnf[], attachments: readonly (readonly Attachment[])[]): Fit {
    let likeness = '';
    for (const [i, vnf] of vnfs.entries()) likeness += `${this.likenessOf(vnf, attachments[i] ?? [])}\n`;
    let fit = this.foreign ? undefined : this.known.get(likeness);
    if (fit === undefined) this.known.set(likeness, (fit = this.decide(vnfs, attachments)));
    return fit;
  }

  private decide(vnfs: readonly Vnf[], attachments: readonly (readonly Attachment[])[]): Fit {
    const wants = vnfs.map((vnf, i) => this.wantsOf(vnf, attachments[i] ?? []));
    const fits = Uint8Array.from(this.samples, (host) =>
      wants.every((want) => this.misfitsOf(want, host).length === 0) ? 1 : 0,
    );
    const pins = Float64Array.from(this.samples, (host) =>
      vnfs.reduce((sum, { name }, i) => {
        const counts = this.active(keyOf.amount(name, 'pinned memory'));
        return sum + (counts ? this.pinnedBy(attachments[i] ?? [], host) : 0);
      }, 0),
    );
    const choice = this.sizes.reduce((sum, size, number) => sum + (fits[number] === 1 ? size : 0), 0);
    return { fits, pins, choice };
  }

  /** The same for VNFs that want the same of a host; ports go by their number, as their names make no difference. */
  private likenessOf(vnf: Vnf, attachments: readonly Attachment[]): string {
    // Where some constraints are given up, that may be for one VNF and not for another.
    if (this.active !== ALL) return vnf.name;
    const rules = (this.rules.get(vnf.name) ?? []).map(({ name }) => name);
    let bound = '';
    let port = '';
    for (const attachment of attachments) {
      if (attachment.port !== port) bound += ' +';
      port = attachment.port;
      bound += ` ${attachment.kind} ${attachment.hook}`;
    }
    return JSON.stringify([vnf.runtimes, vnf.hostLabels, rules, bound]);
  }

  /** Why a VNF does not fit a host, room aside. */
  reasons(vnf: Vnf, attachments: readonly Attachment[], host: InventoryHost): string[] {
    return this.misfitsOf(this.wantsOf(vnf, attachments), host);
  }

  private misfitsOf(wants: Wants, host: InventoryHost): string[] {
    return misfits(wants, host, this.input.plugins, this.input.service);
  }

  /** Of instances whose plugin says it. */
  private pinnedBy(attachments: readonly Attachment[], host: InventoryHost): number {
    return attachments.reduce((sum, { kind, hook }) => {
      const { chosen } = this.input.plugins.choose(kind, hook, host);
      return sum + (chosen?.plugin.requirements.memoryBytes ?? 0);
    }, 0);
  }

  private wantsOf({ name, runtimes, hostLabels }: Vnf, attachments: readonly Attachment[]): Wants {
    const { active } = this;
    const rules = this.rules.get(name) ?? [];
    return {
      runtimes: active(keyOf.runtime(name)) ? runtimes : [],
      labels: [
        ...Object.entries(hostLabels)
          .filter(([label]) => active(keyOf.label(name, label)))
          .map(([label, value]) => ({ label, value })),
        ...rules.flatMap((rule) =>
          Object.entries(rule.hostLabels ?? {}).map(([label, value]) => ({ label, value, rule: rule.name })),
        ),
      ],
      zones: rules.flatMap((rule) =>
        rule.zones === undefined ? [] : [{ name: rule.name, zones: rule.zones }],
      ),
      attachments: attachments.filter(({ underservice }) => active(keyOf.kernel(name, underservice))),
      chainDepth: active(keyOf.depth(name)) ? this.input.chainDepth : undefined,
    };
  }
}

function hasForeign({ foreignPrograms }: InventoryHost): boolean {
  return foreignPrograms.some(({ device }) => device.startsWith('uw'));
}

function likenessOf(host: InventoryHost, profiles: Map<object | string, number>): string {
  // Only programs on devices of ours are in the way of a chain; such a host is like no other.
  if (hasForeign(host)) return `host ${host.id}`;
  const { facts, labels, ready } = host;
  const runtimes = facts.runtimes.map(({ runtime }) => runtime);
  const profile = numberOf(facts.profile, profiles);
  return JSON.stringify([ready, Object.entries(labels).sort(), zoneOf(host), runtimes, profile]);
}

/** The same number for the same content; an object that was seen before is not read again. */
function numberOf(content: object, numbers: Map<object | string, number>): number {
  let number = numbers.get(content);
  if (number === undefined) {
    const text = JSON.stringify(content);
    number = numbers.get(text) ?? numbers.size;
    numbers.set(text, number).set(content, number);
  }
  return number;
}
