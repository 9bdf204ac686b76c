import type { Link } from '@underware/core';
import type { Family } from '@underware/underservices';
import type { Problem } from './problem.js';
import type { Relation } from './relation.js';

/** Ports on one link reach one another, in every family that they have, and within the link's bound on latency. */
export class OnLink implements Relation {
  /** Names of VNFs by host, hosts by the group of networks that they are on. */
  private readonly groups = new Map<number, Map<number, string[]>>();

  constructor(
    private readonly link: Link,
    private readonly problem: Problem,
    private readonly families: readonly Family[],
    /** Undefined: any. */
    private readonly maxLatencyMs: number | undefined,
    /** By unit. */
    private readonly members: ReadonlyMap<number, readonly string[]>,
  ) {}

  blocks(unit: number, host: number): boolean {
    return this.against(unit, host).next().done !== true;
  }

  reasons(unit: number, host: number): string[] {
    return [...new Set(this.against(unit, host))];
  }

  take(unit: number, host: number): void {
    const group = this.groupOf(host);
    const hosts = this.groups.get(group) ?? new Map<number, string[]>();
    this.groups.set(group, hosts.set(host, [...(hosts.get(host) ?? []), ...(this.members.get(unit) ?? [])]));
  }

  release(unit: number, host: number): void {
    const hosts = this.groups.get(this.groupOf(host));
    const left = (hosts?.get(host) ?? []).filter((name) => !this.members.get(unit)?.includes(name));
    if (left.length > 0) hosts?.set(host, left);
    else hosts?.delete(host);
  }

  private groupOf(host: number): number {
    const at = this.problem.hosts[host];
    return at === undefined ? -1 : this.problem.input.reach.groupOf(at);
  }

  private *against(_unit: number, h: number): Generator<string, undefined> {
    const { hosts, input } = this.problem;
    const host = hosts[h];
    if (host === undefined) return undefined;
    const own = this.groupOf(h);
    const complete = this.families.every((family) => input.reach.has(host, family));
    for (const [group, there] of this.groups) {
      // Hosts of one group reach one another in every family that they have.
      if (group === own && complete && this.maxLatencyMs === undefined) continue;
      for (const [o, names] of there) {
        const other = hosts[o];
        if (o === h || other === undefined) continue;
        const unreachable = input.reach.unreachable(host, other, this.families);
        const reason = unreachable ?? this.tooSlow(h, o);
        if (reason === undefined) continue;
        for (const name of names) yield `cannot reach ${name} over link ${this.link.name}: ${reason}`;
      }
    }
    return undefined;
  }

  private tooSlow(h: number, o: number): string | undefined {
    const [host, other] = [this.problem.hosts[h], this.problem.hosts[o]];
    if (this.maxLatencyMs === undefined || host === undefined || other === undefined) return undefined;
    const latency = this.problem.input.reach.latency(host, other);
    if (latency !== undefined && latency <= this.maxLatencyMs) return undefined;
    const is = latency === undefined ? 'not known' : `${latency} ms`;
    return `the latency between ${host.name} and ${other.name} is ${is}, ${this.maxLatencyMs} ms allowed`;
  }
}
