import type { Catalog, Inventory, Plan, ServiceGraph } from '@underware/core';
import { takenAddresses } from '../addresses/taken-addresses.js';
import { assignAddresses } from '../addresses/assign-addresses.js';
import { Board } from '../placement/board.js';
import { boundShare } from '../placement/bound.js';
import { placementInput } from '../placement/placement-input.js';
import { compileProblem } from '../placement/problem.js';
import type { Problem } from '../placement/problem.js';
import { Usage } from '../placement/usage.js';
import type { PlanOptions } from '../plan.js';
import { readPlaces, relaxedModel, wholeModel } from './placement-model.js';

/** Hosts that are filled anew in one step: few, so that a programme is solved in a fraction of a second. */
const HOSTS = 3;
/** Steps in a row without success, after which it is over. */
const MOST_FAILURES = 40;
/** Variables up to which the relaxed programme is worth its time. */
const MOST_VARIABLES = 30_000;

/** A solved programme: the values of its variables by name. */
export type Values = ReadonlyMap<string, number>;

/**
 * Betters a plan with a solver that somebody else runs: gives out small programmes, each about the fullest host and some
 * others, takes in their answers, and checks them. Deterministic for the same answers.
 */
export class Improvement {
  private readonly problem: Problem;
  private readonly board: Board;
  private readonly empty: Usage;
  private readonly stays: ReadonlySet<number>;
  private hosts: number[] = [];
  private failures = 0;
  private open = Infinity;
  private steps = 0;

  constructor(graph: ServiceGraph, inventory: Inventory, catalog: Catalog, options: PlanOptions, plan: Plan) {
    const { addresses } = assignAddresses(graph, takenAddresses(options, inventory));
    this.problem = compileProblem(placementInput(graph, inventory, catalog, options, addresses));
    this.board = new Board(this.problem);
    this.empty = new Usage(this.problem);
    const numbers = new Map(this.problem.hosts.map(({ id }, h) => [id, h]));
    const hostOf = new Map(plan.placements.map(({ vnf, host }) => [vnf, numbers.get(host) ?? -1]));
    const before = new Map(
      options.previous?.plan.placements.map(({ vnf, host }) => [vnf, numbers.get(host) ?? -1]),
    );
    const stays = new Set<number>();
    for (const [u, { vnfs }] of this.problem.units.entries()) {
      const name = vnfs[0]?.name ?? '';
      const host = hostOf.get(name) ?? -1;
      if (host >= 0) this.board.take(u, host);
      if (before.get(name) === host) stays.add(u);
    }
    this.stays = stays;
  }

  /** The relaxed programme, as long as its last answer left out a host that may count; undefined where it is too large. */
  nextBound(last?: Values): string | undefined {
    const { units, hosts } = this.problem;
    if (units.length * Math.min(hosts.length, 64) > MOST_VARIABLES) return undefined;
    const peak = last?.get('peak');
    if (peak !== undefined && peak >= this.open) return undefined;
    const open = peak ?? Infinity;
    const isSame = [...hosts.keys()].every((h) => this.isOpen(h, open) === this.isOpen(h, this.open));
    if (last !== undefined && isSame) return undefined;
    this.open = open;
    return relaxedModel(this.problem, open);
  }

  /** The next programme to solve; undefined when it is not likely that another one helps. */
  next(): string | undefined {
    const order = this.byShare();
    const [fullest] = order;
    if (fullest === undefined || order.length < 2 || this.failures > MOST_FAILURES) return undefined;
    if (this.board.share(fullest) <= boundShare(this.problem) * 1.0005) return undefined;
    // Partners are taken from the emptiest on, others every time, so that each has its turn.
    const others = this.partners(fullest);
    if (others.length === 0) return undefined;
    const from = (this.steps * (HOSTS - 1)) % others.length;
    this.hosts = [fullest, ...[...others, ...others].slice(from, from + Math.min(HOSTS - 1, others.length))];
    this.steps += 1;
    return wholeModel(this.board, this.hosts, (unit) => !this.stays.has(unit));
  }

  /** Takes an answer to the last programme; false where it is no better, or not allowed. */
  accept(values: Values): boolean {
    const { board, hosts } = this;
    const before = Math.max(...hosts.map((h) => board.share(h)));
    const places = readPlaces(values);
    const were = [...places.keys()].map((unit): [number, number] => [unit, board.hostOf[unit] ?? -1]);
    for (const unit of places.keys()) board.release(unit);
    const isAllowed = [...places].every(([unit, host]) => {
      const allowed = board.allows(unit, host);
      if (allowed) board.take(unit, host);
      return allowed;
    });
    const better = isAllowed && Math.max(...hosts.map((h) => board.share(h))) < before - 1e-6;
    if (!better) {
      for (const unit of places.keys()) board.release(unit);
      for (const [unit, host] of were) board.take(unit, host);
    }
    this.failures = better ? 0 : this.failures + 1;
    return better;
  }

  /** Ids of hosts by VNF: what `plan` takes as `suggested`. */
  placements(): Record<string, string> {
    return Object.fromEntries(
      this.problem.units.flatMap(({ vnfs }, u) => {
        const id = this.problem.hosts[this.board.hostOf[u] ?? -1]?.id;
        return id === undefined ? [] : vnfs.map(({ name }) => [name, id]);
      }),
    );
  }

  /** Whether other services leave of a host what makes it count. */
  private isOpen(h: number, open: number): boolean {
    return this.empty.share(h) < open;
  }

  /** Hosts with a unit, the fullest first. */
  private byShare(): number[] {
    const hosts = [...new Set(this.board.hostOf)].filter((h) => h >= 0);
    return hosts.sort((a, b) => this.board.share(b) - this.board.share(a) || a - b);
  }

  /** Hosts that one of the units of a host fits, the emptiest first. */
  private partners(host: number): number[] {
    const { units, classes, hosts } = this.problem;
    const mine = units.filter((_, u) => this.board.hostOf[u] === host && !this.stays.has(u));
    return [...hosts.keys()]
      .filter((h) => h !== host && mine.some(({ fits }) => fits[classes.of[h] ?? 0] === 1))
      .sort((a, b) => this.board.share(a) - this.board.share(b) || a - b);
  }
}
