import type { Decision } from '@underware/core';
import type { Move } from './balance.js';
import { Board } from './board.js';
import type { PlaceOptions } from './place-options.js';
import type { Problem } from './problem.js';
import type { Step } from './search.js';
import { CPUS, MEMORY } from './resources.js';

/** Beyond these, hosts that were not taken are summed up. */
const MOST_HOSTS = 16;
const MOST_REASONS = 4000;

interface Words {
  /** By VNF. */
  reasons: Map<string, string>;
  decisions: Map<string, Decision[]>;
}

/** Goes through the steps once more and says of each why, as things were then. */
export function explainSteps(
  problem: Problem,
  steps: readonly Step[],
  moves: readonly Move[],
  options: PlaceOptions,
): Words {
  const { hosts, units } = problem;
  const each =
    options.explain === true || (hosts.length <= MOST_HOSTS && hosts.length * units.length <= MOST_REASONS);
  const board = new Board(problem);
  const summaries = new Map<Uint8Array, string>();
  const words: Words = { reasons: new Map(), decisions: new Map() };
  const last = new Map(moves.map((move) => [move.unit, move]));
  for (const step of steps) {
    if (!last.has(step.unit)) {
      const before = previousHost(problem, step, options);
      const rejected = each ? rejections(board, step) : summary(board, step, summaries);
      const fitting = each ? countFitting(rejected) + 1 : step.room;
      say(words, problem, step, `${before}${reasonOf(board, step, fitting, each)}`, rejected);
    }
    board.take(step.unit, step.host);
  }
  const first = peakOf(board);
  for (const { unit } of moves) board.release(unit);
  for (const { unit, to } of last.values()) board.take(unit, to);
  const peak = `so that the fullest host is ${percent(peakOf(board))} used, not ${percent(first)}`;
  for (const { unit, to } of last.values()) {
    const step: Step = { unit, host: to, how: 'best', tried: [], room: 0 };
    board.release(unit);
    const rejected = each ? rejections(board, step) : [];
    say(words, problem, step, `${previousHost(problem, step, options)}${peak}`, rejected);
    board.take(unit, to);
  }
  return words;
}

type Rejection = Pick<Decision, 'choice' | 'reason'> & { fits: boolean };

function say(
  { reasons, decisions }: Words,
  { units, hosts }: Problem,
  { unit, host }: Step,
  reason: string,
  rejected: readonly Rejection[],
): void {
  const choice = hosts[host]?.name ?? '';
  for (const { name } of units[unit]?.vnfs ?? []) {
    const subject = `vnf ${name}`;
    reasons.set(name, reason);
    decisions.set(name, [
      { subject, outcome: 'chosen', choice, reason },
      ...rejected.map(({ choice: other, reason: why }): Decision => ({
        subject,
        outcome: 'rejected',
        choice: other,
        reason: why,
      })),
    ]);
  }
}

function reasonOf(
  board: Board,
  { unit, host, how, tried, room }: Step,
  fitting: number,
  each: boolean,
): string {
  const used = percent(shareWith(board, unit, host));
  if (how === 'kept') return `stays where it is: ${used} used`;
  if (how === 'suggested') return `proposed by the solver: ${used} used with it`;
  if (tried.length > 0) {
    return `the first of ${fitting} that fit from which every VNF finds a place: ${used} used with it`;
  }
  if (!each) return `least used with it of ${room} that have room: ${used}`;
  return fitting === 1
    ? `the only host that fits: ${used} used with it`
    : `least used with it of ${fitting} that fit: ${used}`;
}

/** Where it comes from, when it cannot stay there. */
function previousHost(
  { units, hosts }: Problem,
  { unit, how, host }: Step,
  { previous }: PlaceOptions,
): string {
  const id = previous?.get(units[unit]?.vnfs[0]?.name ?? '');
  if (id === undefined || how === 'kept' || hosts[host]?.id === id) return '';
  const before = hosts.find((other) => other.id === id);
  if (before === undefined) return `moves from ${id}, which is gone; `;
  return before.ready
    ? `moves from ${before.name}, which no longer fits it; `
    : `moves from ${before.name}, which is not ready; `;
}

function rejections(board: Board, { unit, host, tried }: Step): Rejection[] {
  return board.problem.hosts.flatMap(({ name: choice }, h): Rejection[] => {
    if (h === host) return [];
    if (tried.includes(h))
      return [{ choice, reason: 'fits, but leaves no place for another VNF', fits: true }];
    const reasons = board.reasons(unit, h);
    if (reasons.length > 0) return [{ choice, reason: reasons.join('; '), fits: false }];
    const [here, there] = [shareWith(board, unit, host), shareWith(board, unit, h)];
    const reason =
      here === there && host < h
        ? `fits, and would be ${percent(there)} used as well, but its name comes after`
        : `fits, but would be ${percent(there)} used`;
    return [{ choice, reason, fits: true }];
  });
}

function countFitting(rejected: readonly Rejection[]): number {
  return rejected.filter(({ fits }) => fits).length;
}

/** One line about the hosts that do not fit whatever else is placed, with an example of each kind, and one about the full ones. */
function summary(board: Board, { unit, room, how }: Step, known: Map<Uint8Array, string>): Rejection[] {
  const { problem } = board;
  const { fits, choice, vnfs, attachments } = board.unit(unit);
  const lines: Rejection[] = [];
  const others = problem.hosts.length - choice;
  if (others > 0) {
    let reason = known.get(fits);
    if (reason === undefined) {
      const kinds = new Set<number>();
      const examples = problem.hosts.flatMap((host, h) => {
        const number = problem.classes.of[h] ?? 0;
        if (fits[number] === 1 || kinds.has(number) || kinds.size >= 3) return [];
        kinds.add(number);
        const reasons = vnfs.flatMap((vnf, i) => problem.classes.reasons(vnf, attachments[i] ?? [], host));
        return [`${host.name} ${reasons[0] ?? ''}`];
      });
      known.set(fits, (reason = `do not fit it, e.g. ${examples.join('; ')}`));
    }
    lines.push({ choice: `${others} hosts`, reason, fits: false });
  }
  if (how !== 'kept' && choice > room) {
    lines.push({ choice: `${choice - room} hosts`, reason: 'have no room for it', fits: false });
  }
  return lines;
}

function shareWith(board: Board, unit: number, host: number): number {
  const { need } = board.unit(unit);
  return board.share(host, need[CPUS], need[MEMORY]);
}

function peakOf(board: Board): number {
  return [...new Set(board.hostOf)]
    .filter((h) => h >= 0)
    .reduce((most, h) => Math.max(most, board.share(h)), 0);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
