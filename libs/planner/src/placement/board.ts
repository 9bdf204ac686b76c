import type { Bandwidth } from './bandwidth.js';
import type { Problem, Unit } from './problem.js';
import type { Relation } from './relation.js';
import { relationsOf } from './relations.js';
import { BITS, lackOf, PINNED } from './resources.js';
import { ratio, Usage } from './usage.js';

const NONE: ReadonlyMap<number, number> = new Map();

/** Where units are so far, and what that takes. */
export class Board extends Usage {
  /** By unit; -1: nowhere. */
  readonly hostOf: Int32Array;
  /** Hosts looked at: what a search is bounded by, alike on every machine. */
  looks = 0;
  private readonly relations: readonly (readonly Relation[])[];
  private readonly bandwidths: readonly (readonly Bandwidth[])[];

  constructor(problem: Problem) {
    super(problem);
    this.hostOf = new Int32Array(problem.units.length).fill(-1);
    ({ relations: this.relations, bandwidths: this.bandwidths } = relationsOf(problem));
  }

  /**
   * The host that is left the least used with the unit, the first of the same, and how many have room for it; -1 where
   * none fits. Hosts that were tried are left out. `load` stands for what is used, where that is not all that counts.
   */
  best(u: number, tried?: ReadonlySet<number>, load = this.used): { host: number; room: number } {
    const { hosts, classes, capacity } = this.problem;
    const unit = this.unit(u);
    const { need, fits, pins } = unit;
    const [cpus = 0, memory = 0] = need;
    let host = -1;
    let room = 0;
    let least = Infinity;
    this.looks += hosts.length;
    for (let h = 0, at = 0; h < hosts.length; h++, at += this.width) {
      const number = classes.of[h] ?? 0;
      if (fits[number] !== 1 || !this.hasRoom(need, pins[number] ?? 0, at)) continue;
      room += 1;
      const share = Math.max(
        ratio((load[at] ?? 0) + cpus, capacity[at] ?? 0),
        ratio((load[at + 1] ?? 0) + memory, capacity[at + 1] ?? 0),
      );
      if (share >= least || tried?.has(h) === true || this.isBlocked(u, h)) continue;
      least = share;
      host = h;
    }
    return { host, room };
  }

  /** Whether the unit may be on the host, beside those that are placed. */
  allows(u: number, h: number): boolean {
    const { need, fits, pins } = this.unit(u);
    const number = this.problem.classes.of[h] ?? 0;
    this.looks += 1;
    return (
      fits[number] === 1 && this.hasRoom(need, pins[number] ?? 0, h * this.width) && !this.isBlocked(u, h)
    );
  }

  /** Why it may not, in words; nothing when it may. */
  reasons(u: number, h: number): string[] {
    const { problem, width } = this;
    const { need, pins, vnfs, attachments } = this.unit(u);
    const host = problem.hosts[h];
    if (host === undefined) return [];
    const alike = vnfs.flatMap((vnf, i) => problem.classes.reasons(vnf, attachments[i] ?? [], host));
    const added = new Float64Array(width);
    for (const [r] of problem.resources.entries()) added[r] = need[r] ?? 0;
    added[PINNED] = pins[problem.classes.of[h] ?? 0] ?? 0;
    for (const [other, bits] of this.bandwidthAdded(u, h)) {
      if (other === h) added[BITS] = (added[BITS] ?? 0) + bits;
      else alike.push(...this.tooNarrow(other, bits));
    }
    const lacks = problem.resources.flatMap((resource, r) => {
      const [all = 0, used = 0, wanted = 0] = [problem.capacity, this.used, added].map(
        (table, i) => table[i === 2 ? r : h * width + r],
      );
      return wanted > 0 && used + wanted > all ? [lackOf(resource, all - used, all, wanted)] : [];
    });
    const related = (this.relations[u] ?? []).flatMap((relation) => relation.reasons(u, h));
    return [...new Set([...alike, ...lacks, ...related])];
  }

  take(u: number, h: number): void {
    this.change(u, h, 1);
    this.hostOf[u] = h;
  }

  release(u: number): void {
    const h = this.hostOf[u] ?? -1;
    if (h < 0) return;
    this.hostOf[u] = -1;
    this.change(u, h, -1);
  }

  unit(u: number): Unit {
    const unit = this.problem.units[u];
    if (unit === undefined) throw new RangeError(`there is no unit ${u}`);
    return unit;
  }

  private change(u: number, h: number, sign: 1 | -1): void {
    if (sign < 0) for (const bandwidth of this.bandwidths[u] ?? []) bandwidth.release(u, h);
    for (const [other, bits] of this.bandwidthAdded(u, h)) this.add(other * this.width + BITS, sign * bits);
    if (sign > 0) for (const bandwidth of this.bandwidths[u] ?? []) bandwidth.take(u, h);
    this.count(u, h, sign);
    for (const relation of this.relations[u] ?? []) {
      if (sign > 0) relation.take(u, h);
      else relation.release(u, h);
    }
  }

  private hasRoom(need: readonly number[], pinned: number, at: number): boolean {
    const { capacity } = this.problem;
    for (let r = 0; r < this.width; r++) {
      const wanted = r === PINNED ? pinned : (need[r] ?? 0);
      if (wanted > 0 && (this.used[at + r] ?? 0) + wanted > (capacity[at + r] ?? 0)) return false;
    }
    return true;
  }

  private isBlocked(u: number, h: number): boolean {
    for (const relation of this.relations[u] ?? []) if (relation.blocks(u, h)) return true;
    for (const [host, bits] of this.bandwidthAdded(u, h))
      if (this.tooNarrow(host, bits).length > 0) return true;
    return false;
  }

  private bandwidthAdded(u: number, h: number): ReadonlyMap<number, number> {
    if ((this.bandwidths[u] ?? []).length === 0) return NONE;
    const sums = new Map<number, number>();
    for (const bandwidth of this.bandwidths[u] ?? []) {
      for (const [host, bits] of bandwidth.added(u, h)) sums.set(host, (sums.get(host) ?? 0) + bits);
    }
    return sums;
  }

  private tooNarrow(h: number, bits: number): string[] {
    const at = h * this.width + BITS;
    const [all, used] = [this.problem.capacity[at] ?? 0, this.used[at] ?? 0];
    const resource = this.problem.resources[BITS];
    if (used + bits <= all || resource === undefined) return [];
    return [`leaves ${this.problem.hosts[h]?.name} short: it ${lackOf(resource, all - used, all, bits)}`];
  }
}
