import type { Catalog, Inventory, InventoryHost, ServiceGraph, Vnf } from '@underware/core';
import type { Family } from '@underware/underservices';
import { attachmentsOf, misfits, need, shortOf, total, usedBefore } from './host-fit.js';
import type { Attachment, Capacity } from './host-fit.js';
import { impossible } from '../impossible.js';
import { unreachable } from './reach.js';
import { compareText } from '../stable-names.js';

/** Placing is a search that steps back when it is stuck; past this many hosts tried it gives up. */
const MOST_TRIES = 20_000;

export interface PlacedVnf {
  vnf: Vnf;
  host: InventoryHost;
  attachments: Attachment[];
  reason: string;
  /** Hosts that were not taken, with the reason. */
  rejected: { host: string; reason: string }[];
}

interface Seat {
  vnf: Vnf;
  attachments: Attachment[];
  /** Hosts that fit by themselves. */
  hosts: InventoryHost[];
  /** Reasons by host name against the others. */
  misfits: Map<string, string[]>;
}

/** A seat with the hosts still to try, best first. */
interface Frame {
  seat: Seat;
  candidates: { host: InventoryHost; share: number }[];
  rejected: Map<string, string[]>;
  at: number;
}

/**
 * Puts every VNF on a host: the ones with least choice first, each on the least used host that fits, ties by name.
 * Where that ends nowhere, earlier choices are taken back in order, so that a placement is found when there is one.
 */
export function place(
  graph: ServiceGraph,
  inventory: Inventory,
  catalog: Catalog,
  service: string,
  families: ReadonlyMap<string, readonly Family[]>,
): PlacedVnf[] {
  const hosts = inventory.hosts.toSorted((a, b) => compareText(a.name, b.name) || compareText(a.id, b.id));
  const seats = graph.vnfs.map((vnf) => seatOf(vnf, graph, hosts, catalog, service)).sort(compareSeats);
  const search = new Search(graph, families);
  const frames: Frame[] = [];
  let deadEnd: Frame | undefined;
  for (let tries = 0; ; tries++) {
    const seat = seats[frames.length];
    if (seat === undefined) break;
    const frame = search.open(seat);
    if (frame.candidates.length > 0 && tries < MOST_TRIES) {
      search.take(frame);
      frames.push(frame);
      continue;
    }
    deadEnd ??= frame;
    if (tries >= MOST_TRIES || !stepBack(frames, search)) {
      throw noPlacement(deadEnd, hosts, tries >= MOST_TRIES);
    }
  }
  return frames.map((frame) => placed(frame));
}

/** Moves the last choice that has an alternative to it; false when there is none. */
function stepBack(frames: Frame[], search: Search): boolean {
  for (let frame = frames.pop(); frame !== undefined; frame = frames.pop()) {
    search.release(frame);
    frame.at += 1;
    if (frame.at >= frame.candidates.length) continue;
    search.take(frame);
    frames.push(frame);
    return true;
  }
  return false;
}

/** What is taken so far. */
class Search {
  private readonly used = new Map<string, Capacity>();
  private readonly hostOf = new Map<string, InventoryHost>();

  constructor(
    private readonly graph: ServiceGraph,
    private readonly families: ReadonlyMap<string, readonly Family[]>,
  ) {}

  open(seat: Seat): Frame {
    const rejected = new Map(seat.misfits);
    const candidates: Frame['candidates'] = [];
    for (const host of seat.hosts) {
      const reasons = [
        ...shortOf(need(seat.vnf), this.usedOn(host), host),
        ...this.tooClose(seat.vnf, host),
        ...this.cutOff(seat.vnf, host),
      ];
      if (reasons.length > 0) rejected.set(host.name, reasons);
      else candidates.push({ host, share: this.shareOf(host) });
    }
    // `seat.hosts` is in name order and sorting is stable: ties keep it.
    candidates.sort((a, b) => a.share - b.share);
    return { seat, candidates, rejected, at: 0 };
  }

  take({ seat, candidates, at }: Frame): void {
    const host = candidates[at]?.host;
    if (host === undefined) return;
    const used = this.usedOn(host);
    const wanted = need(seat.vnf);
    this.used.set(host.id, {
      millicpus: used.millicpus + wanted.millicpus,
      bytes: used.bytes + wanted.bytes,
    });
    this.hostOf.set(seat.vnf.name, host);
  }

  release({ seat, candidates, at }: Frame): void {
    const host = candidates[at]?.host;
    if (host === undefined) return;
    const used = this.usedOn(host);
    const wanted = need(seat.vnf);
    this.used.set(host.id, {
      millicpus: used.millicpus - wanted.millicpus,
      bytes: used.bytes - wanted.bytes,
    });
    this.hostOf.delete(seat.vnf.name);
  }

  private usedOn(host: InventoryHost): Capacity {
    return this.used.get(host.id) ?? usedBefore(host);
  }

  /** The fuller of cpu and memory, in thousandths. */
  private shareOf(host: InventoryHost): number {
    const all = total(host);
    const used = this.usedOn(host);
    return Math.max(thousandths(used.millicpus, all.millicpus), thousandths(used.bytes, all.bytes));
  }

  private tooClose(vnf: Vnf, host: InventoryHost): string[] {
    return (this.graph.antiAffinity ?? [])
      .filter(({ vnfs }) => vnfs.includes(vnf.name))
      .flatMap(({ name, vnfs }) =>
        vnfs
          .filter((other) => other !== vnf.name && this.hostOf.get(other)?.id === host.id)
          .map((other) => `holds ${other}, which ${name} keeps apart from ${vnf.name}`),
      );
  }

  /** Ports on one link must reach one another, in every family that they have. */
  private cutOff(vnf: Vnf, host: InventoryHost): string[] {
    const reasons = new Set<string>();
    const links = new Set(this.graph.ports.filter((port) => port.vnf === vnf.name).map(({ link }) => link));
    for (const { link, vnf: peer } of this.graph.ports) {
      const other = this.hostOf.get(peer);
      if (!links.has(link) || other === undefined || other.id === host.id) continue;
      const reason = unreachable(host, other, this.families.get(link) ?? []);
      if (reason !== undefined) reasons.add(`cannot reach ${peer} over link ${link}: ${reason}`);
    }
    return [...reasons];
  }
}

function thousandths(part: number, whole: number): number {
  return whole <= 0 ? 1000 : Math.round((part * 1000) / whole);
}

function seatOf(
  vnf: Vnf,
  graph: ServiceGraph,
  hosts: readonly InventoryHost[],
  catalog: Catalog,
  service: string,
): Seat {
  const attachments = attachmentsOf(vnf, graph);
  const seat: Seat = { vnf, attachments, hosts: [], misfits: new Map() };
  for (const host of hosts) {
    const reasons = misfits(vnf, attachments, host, catalog, service);
    if (reasons.length > 0) {
      // What is short by itself is said at once, so that one answer names everything that is in the way.
      seat.misfits.set(host.name, [...reasons, ...shortOf(need(vnf), usedBefore(host), host)]);
    } else {
      seat.hosts.push(host);
    }
  }
  return seat;
}

function compareSeats(a: Seat, b: Seat): number {
  return (
    a.hosts.length - b.hosts.length ||
    b.vnf.memoryBytes - a.vnf.memoryBytes ||
    b.vnf.cpus - a.vnf.cpus ||
    compareText(a.vnf.name, b.vnf.name)
  );
}

function placed({ seat, candidates, rejected, at }: Frame): PlacedVnf {
  const chosen = candidates[at];
  if (chosen === undefined) {
    throw new RangeError(`no candidate at ${at} for ${seat.vnf.name}`);
  }
  const others = candidates.filter((candidate) => candidate !== chosen);
  const used = `${(chosen.share / 10).toFixed(1)} % used`;
  const reason =
    others.length === 0
      ? `the only host that fits, ${used}`
      : `least used of ${candidates.length} that fit, ${used}`;
  return {
    vnf: seat.vnf,
    host: chosen.host,
    attachments: seat.attachments,
    reason:
      at === 0
        ? reason
        : `the first of ${candidates.length} that fit from which every VNF finds a place, ${used}`,
    rejected: [
      ...[...rejected].map(([host, reasons]) => ({ host, reason: reasons.join('; ') })),
      ...others.map(({ host, share }, i) => ({
        host: host.name,
        reason:
          i < at
            ? 'fits, but leaves no place for another VNF'
            : `fits, but comes after it: ${(share / 10).toFixed(1)} % used`,
      })),
    ].sort((a, b) => compareText(a.host, b.host)),
  };
}

function noPlacement(frame: Frame, hosts: readonly InventoryHost[], gaveUp: boolean) {
  const { vnf } = frame.seat;
  const reasons = hosts.map(
    (host) => `${host.name} ${(frame.rejected.get(host.name) ?? ['fits']).join('; ')}`,
  );
  if (hosts.length === 0) {
    return impossible(`vnf ${vnf.name}`, 'there is no host', 'Enrol a host.');
  }
  return impossible(
    `vnf ${vnf.name}`,
    `${gaveUp ? `after ${MOST_TRIES} attempts ` : ''}no host fits: ${reasons.join(' · ')}`,
    'Free or add a host that has what is missing, or ask for less.',
    reasons,
  );
}
