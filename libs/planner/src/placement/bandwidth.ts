/** What a link reserves on uplinks: every port's share on its host, as soon as ports are on more hosts than one. */
export class Bandwidth {
  /** Ports by host. */
  private readonly ports = new Map<number, number>();

  constructor(
    private readonly bitsPerSecond: number,
    /** By unit: how many ports it has on the link. */
    private readonly portsOf: ReadonlyMap<number, number>,
  ) {}

  /** What hosts must reserve more once the unit is on a host. */
  *added(unit: number, host: number): Generator<[host: number, bits: number], undefined> {
    const own = this.portsOf.get(unit) ?? 0;
    const others = this.ports.size - (this.ports.has(host) ? 1 : 0);
    if (others === 0) return undefined;
    // It spans hosts from now on: what was on one alone begins to count.
    if (this.ports.size === 1)
      for (const [other, count] of this.ports) yield [other, count * this.bitsPerSecond];
    yield [host, own * this.bitsPerSecond];
    return undefined;
  }

  take(unit: number, host: number): void {
    this.ports.set(host, (this.ports.get(host) ?? 0) + (this.portsOf.get(unit) ?? 0));
  }

  release(unit: number, host: number): void {
    const left = (this.ports.get(host) ?? 0) - (this.portsOf.get(unit) ?? 0);
    if (left > 0) this.ports.set(host, left);
    else this.ports.delete(host);
  }
}
