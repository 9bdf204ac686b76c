import type { Affinity } from '@underware/core';
import { zoneOf } from './host-fit.js';
import type { Problem } from './problem.js';
import type { Relation } from './relation.js';

/** VNFs in one zone, whichever it is. */
export class OneZone implements Relation {
  private readonly zones: readonly (string | undefined)[];
  private readonly placed = new Map<number, string | undefined>();
  private zone: string | undefined;

  constructor(
    private readonly rule: Affinity,
    problem: Problem,
  ) {
    this.zones = problem.hosts.map(zoneOf);
  }

  blocks(_unit: number, host: number): boolean {
    const zone = this.zones[host];
    return zone === undefined || (this.placed.size > 0 && zone !== this.zone);
  }

  reasons(unit: number, host: number): string[] {
    if (!this.blocks(unit, host)) return [];
    const zone = this.zones[host];
    if (zone === undefined) return [`is in no zone, and ${this.rule.name} wants one`];
    return [`is in zone ${zone}, and ${this.rule.name} has VNFs in zone ${this.zone}`];
  }

  take(unit: number, host: number): void {
    this.zone = this.zones[host];
    this.placed.set(unit, this.zone);
  }

  release(unit: number): void {
    this.placed.delete(unit);
  }
}
