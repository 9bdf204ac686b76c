import type { AntiAffinity } from '@underware/core';
import { zoneOf } from './host-fit.js';
import type { Problem } from './problem.js';
import type { Relation } from './relation.js';

/** VNFs on hosts, or in zones, different from one another. */
export class Apart implements Relation {
  private readonly spots: readonly (number | string | undefined)[];
  /** Names of VNFs by where they are. */
  private readonly there = new Map<number | string, string[]>();

  constructor(
    private readonly rule: AntiAffinity,
    private readonly problem: Problem,
    /** By unit. */
    private readonly members: ReadonlyMap<number, readonly string[]>,
  ) {
    this.spots = problem.hosts.map((host, h) => (rule.scope === 'zone' ? zoneOf(host) : h));
  }

  blocks(unit: number, host: number): boolean {
    const spot = this.spots[host];
    return (
      spot === undefined ||
      (this.members.get(unit)?.length ?? 0) > 1 ||
      (this.there.get(spot)?.length ?? 0) > 0
    );
  }

  reasons(unit: number, host: number): string[] {
    const spot = this.spots[host];
    if (spot === undefined) return [`is in no zone, and ${this.rule.name} keeps zones apart`];
    const members = this.members.get(unit) ?? [];
    const [name = '', other] = members;
    const others = other === undefined ? (this.there.get(spot) ?? []) : members.slice(1);
    return others.map((there) =>
      this.rule.scope === 'zone'
        ? `is in zone ${spot} with ${there}, which ${this.rule.name} keeps apart from ${name}`
        : `holds ${there}, which ${this.rule.name} keeps apart from ${name}`,
    );
  }

  take(unit: number, host: number): void {
    const spot = this.spots[host];
    if (spot === undefined) return;
    this.there.set(spot, [...(this.there.get(spot) ?? []), ...(this.members.get(unit) ?? [])]);
  }

  release(unit: number, host: number): void {
    const spot = this.spots[host];
    if (spot === undefined) return;
    const members = this.members.get(unit) ?? [];
    this.there.set(
      spot,
      (this.there.get(spot) ?? []).filter((name) => !members.includes(name)),
    );
  }
}
