const FIRST_MS = 10_000;
const LONGEST_MS = 300_000;
/** A VNF that ran this long since its last restart starts anew. */
const FORGET_MS = 600_000;

/** How soon a VNF that exits again and again is started again: at once, then after 10 s, 20 s, … up to 5 minutes. */
export class RestartPace {
  readonly #restarts = new Map<string, { count: number; at: number }>();

  /** Of the workloads that exited, those whose time has not come. The others are counted as restarted now. */
  hold(exited: readonly string[], now = Date.now()): Set<string> {
    for (const [key, { at }] of this.#restarts) if (now - at > FORGET_MS) this.#restarts.delete(key);
    return new Set(exited.filter((key) => !this.#restart(key, now)));
  }

  /** How often it was restarted lately, and until when it is not restarted again; undefined for one that never was. */
  of(key: string): { restarts: number; nextTryAt: string } | undefined {
    const known = this.#restarts.get(key);
    return (
      known && { restarts: known.count, nextTryAt: new Date(known.at + waitAfter(known.count)).toISOString() }
    );
  }

  #restart(key: string, now: number): boolean {
    const { count, at } = this.#restarts.get(key) ?? { count: 0, at: -Infinity };
    if (now - at < waitAfter(count)) return false;
    this.#restarts.set(key, { count: count + 1, at: now });
    return true;
  }
}

function waitAfter(restarts: number): number {
  return Math.min(FIRST_MS * 2 ** (restarts - 1), LONGEST_MS);
}
