import type { HeldInstance, Hook, InventoryHost } from '@underware/core';

/** What hosts hold without a user, while a plan takes of it. */
export class Holdings {
  readonly #hosts = new Map<string, { free: Map<string, HeldInstance>; taken: Set<string> }>();

  /**
   * One that a new instance can be without loading: of the same plugin, program and config, for the same hook. The one of
   * the same key is taken if it is there, else the one that was used last.
   */
  take(
    host: InventoryHost,
    wanted: { id: string; revision: string; digest: string; hook: Hook },
  ): HeldInstance | undefined {
    const { free } = this.#of(host);
    const fits = (held: HeldInstance): boolean =>
      held.revision === wanted.revision &&
      held.digest === wanted.digest &&
      isSameKind(held.hook, wanted.hook);
    const own = free.get(`${wanted.id}-${wanted.revision}`);
    const found =
      own !== undefined && fits(own)
        ? own
        : [...free.values()]
            .filter(fits)
            .sort((a, b) => (a.since === b.since ? (a.key < b.key ? -1 : 1) : a.since > b.since ? -1 : 1))[0];
    if (found !== undefined) free.delete(found.key);
    return found;
  }

  /** The first of an instance's possible ids that no other instance of the host has, revisions of it included. */
  freeId(host: InventoryHost, ids: (attempt: number) => string): string {
    const { taken } = this.#of(host);
    for (let attempt = 0; ; attempt++) {
      const id = ids(attempt);
      if (!taken.has(id)) return id;
    }
  }

  #of(host: InventoryHost): { free: Map<string, HeldInstance>; taken: Set<string> } {
    let known = this.#hosts.get(host.id);
    if (known === undefined) {
      const held = host.held ?? [];
      known = {
        free: new Map(held.map((each) => [each.key, each])),
        taken: new Set([...held.map(({ id }) => id), ...(host.takenOver ?? [])]),
      };
      this.#hosts.set(host.id, known);
    }
    return known;
  }
}

/** One program serves both directions of TCX; a chain on xdp/egress ends elsewhere than one on xdp. */
function isSameKind(a: Hook, b: Hook): boolean {
  return a === b || (a.startsWith('tcx') && b.startsWith('tcx'));
}
