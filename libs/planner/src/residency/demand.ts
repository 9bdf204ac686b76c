import type { ResidencyCosts } from './residency-costs.js';

/** How long to hold, as a multiple of the break-even time; in the order in which ties are decided. */
const CHOICES = [2, 4, 1, 1 / 2, 1 / 4, 1 / 8, 1 / 16, 1 / 32, 0] as const;

/** Of the gaps of all others, an item's own forecast counts as much as this many of its own. */
const WEIGHT_OF_OTHERS = 3;

/** Of the slack, what one hold may lose: what is left grows again with every gap that went as foreseen. */
const PART_AT_RISK = 3 / 4;

interface Item {
  costs: ResidencyCosts;
  /** What each choice would have cost in the gaps so far, in reloads. */
  tried: number[];
  gaps: number;
  /** The gaps together, as multiples of the break-even time. */
  waited: number;
  /** Since when it has had no user. */
  idleSince?: number;
  /** The multiple it is held for. */
  held: number;
  /** Of the slack, what this hold may lose. */
  atRisk: number;
  /** How long it was held when memory ran short, as a multiple; undefined while it did not. */
  evictedAfter?: number;
}

export interface HoldDecision {
  /** 0: unload at once. */
  seconds: number;
  /** As a multiple of the break-even time, what its past and that of others ask for. */
  wanted: number;
  /** Gaps between uses that it is decided by: its own, and those of others. */
  ownGaps: number;
  otherGaps: number;
}

/**
 * Decides how long an idle copy is held. Without knowledge it is the ski-rental rule: hold until it has cost as much as
 * loading again. What was learnt of the gaps between uses moves that time, as far as the slack goes: the sum by which
 * twice the optimum of the past is above what was paid. So what was paid when something is used again is never above twice
 * the optimum; what is idle at the end may add one load of each. It needs no clock: the same uses give the same decisions.
 */
export class Demand {
  readonly #items = new Map<string, Item>();
  /** Of all items together, per gap in reloads of the item. */
  readonly #tried = CHOICES.map(() => 0);
  #gaps = 0;
  #waited = 0;
  /** Twice the optimum so far, less what was paid and what is at risk, in mebibyte-seconds. */
  #slack = 0;

  /** Someone uses it. Times are seconds and never go back. */
  used(name: string, costs: ResidencyCosts, at: number): void {
    const item = this.#items.get(name);
    if (item === undefined) {
      this.#items.set(name, { costs, tried: CHOICES.map(() => 0), gaps: 0, waited: 0, held: 0, atRisk: 0 });
      // Its first load: the optimum pays it too.
      this.#slack += costs.reload;
      return;
    }
    if (item.idleSince === undefined) return;
    const gap = (at - item.idleSince) / item.costs.breakEvenSeconds;
    const longest = item.evictedAfter ?? Infinity;
    // Where memory ran short, the optimum too had to unload something.
    const evicted = longest < Math.min(gap, item.held);
    const paid = costOf(gap, Math.min(item.held, longest));
    this.#slack += item.atRisk + (2 * (evicted ? 1 : Math.min(gap, 1)) - paid) * item.costs.reload;
    CHOICES.forEach((choice, i) => {
      const cost = costOf(gap, Math.min(choice, longest));
      item.tried[i] = (item.tried[i] ?? 0) + cost;
      this.#tried[i] = (this.#tried[i] ?? 0) + cost;
    });
    item.gaps += 1;
    item.waited += gap;
    this.#gaps += 1;
    this.#waited += gap;
    delete item.idleSince;
    delete item.evictedAfter;
    item.atRisk = 0;
  }

  /** It was unloaded before its time, since memory ran short: no choice would have held it longer. */
  evicted(name: string, at: number): void {
    const item = this.#items.get(name);
    if (item?.idleSince === undefined) return;
    item.evictedAfter = (at - item.idleSince) / item.costs.breakEvenSeconds;
  }

  /** Its last user goes. */
  released(name: string, at: number): HoldDecision {
    const item = this.#items.get(name);
    if (item === undefined) return { seconds: 0, wanted: 0, ownGaps: 0, otherGaps: 0 };
    const { best, others } = this.#best(item, at);
    const room = (PART_AT_RISK * Math.max(0, this.#slack)) / item.costs.reload;
    const held = Math.min(Math.max(best, 1 - room), 1 + room);
    item.held = held;
    item.idleSince = at;
    item.atRisk = Math.abs(1 - held) * item.costs.reload;
    this.#slack -= item.atRisk;
    return {
      seconds: held * item.costs.breakEvenSeconds,
      wanted: best,
      ownGaps: item.gaps,
      otherGaps: others,
    };
  }

  /** What a hold may save for each byte: reloads by the time that it waits for a user. What is worth least goes first. */
  worth(name: string): number {
    const item = this.#items.get(name);
    if (item === undefined) return 0;
    const [gaps, waited] = item.gaps > 0 ? [item.gaps, item.waited] : [this.#gaps, this.#waited];
    return waited === 0 ? 1 : gaps / waited;
  }

  /** What would have been cheapest in the past, the item's own counting for more with every gap. */
  #best(item: Item, at: number): { best: number; others: number } {
    const open = [...this.#items.values()]
      .filter((other) => other !== item)
      .flatMap((other) => openGap(other, at));
    const others = this.#gaps - item.gaps + open.length;
    if (item.gaps + others === 0) return { best: 1, others };
    const scores = CHOICES.map((choice, i) => {
      const own = item.tried[i] ?? 0;
      if (others === 0) return own;
      const pending = open.reduce((sum, gap) => sum + Math.min(gap, choice), 0);
      return own + (WEIGHT_OF_OTHERS * ((this.#tried[i] ?? 0) - own + pending)) / others;
    });
    let best = 0;
    scores.forEach((score, i) => {
      if (score < (scores[best] ?? Infinity)) best = i;
    });
    return { best: CHOICES[best] ?? 1, others };
  }
}

/** A gap that has not ended tells something once it is longer than holding is worth. */
function openGap({ idleSince, costs }: Item, at: number): number[] {
  if (idleSince === undefined) return [];
  const gap = (at - idleSince) / costs.breakEvenSeconds;
  return gap >= 1 ? [gap] : [];
}

/** Of one gap, in reloads; both are multiples of the break-even time. */
function costOf(gap: number, held: number): number {
  return gap <= held ? gap : held + 1;
}
