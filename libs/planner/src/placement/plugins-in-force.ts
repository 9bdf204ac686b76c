import type { CatalogPlugin, Hook, Plan, ServiceGraph } from '@underware/core';
import { wantedKind } from '../plugin-kind.js';

/** Another version of a plugin that a service has: its digest and its name. */
export type Upgrade = Pick<CatalogPlugin, 'digest'> & { name: string };

/** Which plugins a service that is planned again keeps. */
export class PluginsInForce {
  private readonly byPlace = new Map<string, DigestAndName>();
  private readonly byKind = new Map<string, DigestAndName>();

  constructor(
    { plan, graph }: { plan: Plan; graph: ServiceGraph },
    private readonly upgrade?: Upgrade,
  ) {
    const kinds = new Map(graph.underservices.map((each) => [each.name, wantedKind(each)]));
    for (const [host, { instances }] of Object.entries(plan.slices)) {
      for (const { underservice, hook, plugin } of instances) {
        const kind = kinds.get(underservice);
        if (kind === undefined) continue;
        this.byPlace.set(`${host} ${hook} ${kind}`, plugin);
        if (!this.byKind.has(kind)) this.byKind.set(kind, plugin);
      }
    }
  }

  /** Digests to try before all others, and why: what is asked for, what is in force there, what is in force elsewhere. */
  wanted(kind: string, hook: Hook, host: string): { digest: string; why: string }[] {
    const here = this.byPlace.get(`${host} ${hook} ${kind}`) ?? this.byKind.get(kind);
    if (here === undefined) return [];
    const kept = { digest: here.digest, why: 'the version in force' };
    if (this.upgrade === undefined || here.name !== this.upgrade.name) return [kept];
    return [{ digest: this.upgrade.digest, why: 'the version that was asked for' }, kept];
  }
}

interface DigestAndName {
  digest: string;
  name: string;
}
