import type { Problem } from './problem.js';
import { CPUS, MEMORY, PINNED } from './resources.js';

/** What is used of every host, other services included. */
export class Usage {
  /** Amounts by host and resource: `[host * width + resource]`. */
  readonly used: Float64Array;
  protected readonly width: number;

  constructor(readonly problem: Problem) {
    this.width = problem.resources.length;
    this.used = problem.before.slice();
  }

  /** Adds what a unit needs of its host, bandwidth aside; with -1, takes it off. */
  count(u: number, h: number, sign: 1 | -1 = 1): void {
    const unit = this.problem.units[u];
    if (unit === undefined) return;
    const at = h * this.width;
    for (let r = 0; r < this.width; r++) this.add(at + r, sign * (unit.need[r] ?? 0));
    this.add(at + PINNED, sign * (unit.pins[this.problem.classes.of[h] ?? 0] ?? 0));
  }

  /** The fuller of cpu and memory, with more or less of them, from 0 to 1. */
  share(h: number, cpus = 0, memory = 0): number {
    const at = h * this.width;
    const { capacity } = this.problem;
    return Math.max(
      ratio((this.used[at + CPUS] ?? 0) + cpus, capacity[at + CPUS] ?? 0),
      ratio((this.used[at + MEMORY] ?? 0) + memory, capacity[at + MEMORY] ?? 0),
    );
  }

  /** The share of the host with the unit beside what is there. */
  shareWith(u: number, h: number): number {
    const need = this.problem.units[u]?.need;
    return this.share(h, need?.[CPUS], need?.[MEMORY]);
  }

  protected add(at: number, amount: number): void {
    this.used[at] = (this.used[at] ?? 0) + amount;
  }
}

/** A host without any of a resource counts as full of it. */
export function ratio(part: number, whole: number): number {
  return whole <= 0 ? 1 : part / whole;
}
