import type { Decision } from '@underware/core';
import type { Move } from './balance.js';
import { Board } from './board.js';
import type { PlaceOptions } from './place-options.js';
import type { Problem } from './problem.js';
import type { Step } from './search.js';
import { Usage } from './usage.js';

/** Beyond these, hosts that were not taken are summed up. */
const MOST_HOSTS = 16;
const MOST_REASONS = 4000;
/** Kinds of hosts that a summary has an example of. */
const MOST_EXAMPLES = 3;

/** By VNF: why it is where it is, then why not elsewhere. */
type Words = Map<string, Decision[]>;

/** Goes through the steps once more and says of each why, as things were then. */
export function explainSteps(
  problem: Problem,
  steps: readonly Step[],
  moves: readonly Move[],
  options: PlaceOptions,
): Words {
  const { hosts, units } = problem;
  const few = hosts.length <= MOST_HOSTS && hosts.length * units.length <= MOST_REASONS;
  const words: Words = new Map();
  const last = new Map(moves.map((move) => [move.unit, move]));
  if (options.explain === true || few) explainEach(problem, steps, last, options, words);
  else explainBriefly(problem, steps, last, options, words);
  return words;
}

/** With a reason for every host. */
function explainEach(
  problem: Problem,
  steps: readonly Step[],
  last: ReadonlyMap<number, Move>,
  options: PlaceOptions,
  words: Words,
): void {
  const board = new Board(problem);
  for (const step of steps) {
    if (!last.has(step.unit)) {
      const rejected = rejections(board, step);
      const fitting = rejected.filter(({ fits }) => fits).length + 1;
      const reason = reasonOf(
        board,
        step,
        fitting === 1 ? 'the only host that fits' : `of ${fitting} that fit`,
      );
      say(words, problem, step, `${previousHost(problem, step, options)}${reason}`, rejected);
    }
    board.take(step.unit, step.host);
  }
  const first = peakOf(board, board.hostOf);
  for (const unit of last.keys()) board.release(unit);
  for (const { unit, to } of last.values()) board.take(unit, to);
  const reason = movedBy(first, peakOf(board, board.hostOf));
  for (const { unit, to } of last.values()) {
    const step: Step = { unit, host: to, how: 'best', tried: [], room: 0 };
    board.release(unit);
    say(words, problem, step, `${previousHost(problem, step, options)}${reason}`, rejections(board, step));
    board.take(unit, to);
  }
}

/** With hosts that were not taken summed up. */
function explainBriefly(
  problem: Problem,
  steps: readonly Step[],
  last: ReadonlyMap<number, Move>,
  options: PlaceOptions,
  words: Words,
): void {
  const usage = new Usage(problem);
  const summaries = new Map<Uint8Array, Rejection[]>();
  const hostOf = new Map(steps.map(({ unit, host }) => [unit, host]));
  for (const step of steps) {
    if (!last.has(step.unit)) {
      const reason = `${previousHost(problem, step, options)}${reasonOf(usage, step, `of ${step.room} that have room`)}`;
      // Of what stays, nobody asks why it is not elsewhere.
      say(words, problem, step, reason, step.how === 'kept' ? [] : summary(problem, step, summaries));
    }
    usage.count(step.unit, step.host);
  }
  const first = peakOf(usage, hostOf.values());
  for (const { unit, to } of last.values()) {
    usage.count(unit, hostOf.get(unit) ?? 0, -1);
    usage.count(unit, to);
    hostOf.set(unit, to);
  }
  const reason = movedBy(first, peakOf(usage, hostOf.values()));
  for (const { unit, to } of last.values()) {
    const step: Step = { unit, host: to, how: 'best', tried: [], room: Infinity };
    const rejected = summary(problem, step, summaries);
    say(words, problem, step, `${previousHost(problem, step, options)}${reason}`, rejected);
  }
}

function movedBy(first: number, peak: number): string {
  return `so that the fullest host is ${percent(peak)} used, not ${percent(first)}`;
}

type Rejection = Pick<Decision, 'choice' | 'reason'> & { fits: boolean };

function say(
  words: Words,
  { units, hosts }: Problem,
  { unit, host }: Step,
  reason: string,
  rejected: readonly Rejection[],
): void {
  const choice = hosts[host]?.name ?? '';
  for (const { name } of units[unit]?.vnfs ?? []) {
    const subject = `vnf ${name}`;
    words.set(name, [
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

function reasonOf(usage: Usage, { unit, host, how, tried }: Step, among: string): string {
  const used = percent(usage.shareWith(unit, host));
  if (how === 'kept') return `stays where it is: ${used} used`;
  if (how === 'suggested') return `proposed by the solver: ${used} used with it`;
  if (tried.length > 0) return `the first ${among} from which every VNF finds a place: ${used} used with it`;
  return among.startsWith('of ') ? `least used with it ${among}: ${used}` : `${among}: ${used} used with it`;
}

/** Where it comes from, when it cannot stay there. */
function previousHost(
  { units, hosts }: Problem,
  { unit, how, host }: Step,
  { previous }: PlaceOptions,
): string {
  if (previous === undefined || how === 'kept') return '';
  const id = previous.get(units[unit]?.vnfs[0]?.name ?? '');
  if (id === undefined || hosts[host]?.id === id) return '';
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
    const [here, there] = [board.shareWith(unit, host), board.shareWith(unit, h)];
    const reason =
      here === there && host < h
        ? `fits, and would be ${percent(there)} used as well, but its name comes after`
        : `fits, but would be ${percent(there)} used`;
    return [{ choice, reason, fits: true }];
  });
}

/** One line about the hosts that do not fit whatever else is placed, with an example of each kind, and one about the full ones. */
function summary(
  problem: Problem,
  { unit, room, how }: Step,
  known: Map<Uint8Array, Rejection[]>,
): Rejection[] {
  const { fits, choice, vnfs, attachments } = problem.units[unit] ?? {};
  if (fits === undefined || choice === undefined || vnfs === undefined) return [];
  let lines = known.get(fits);
  if (lines === undefined) {
    const kinds = new Set<number>();
    const examples = problem.hosts.flatMap((host, h) => {
      const number = problem.classes.of[h] ?? 0;
      if (fits[number] === 1 || kinds.has(number) || kinds.size >= MOST_EXAMPLES) return [];
      kinds.add(number);
      const reasons = vnfs.flatMap((vnf, i) => problem.classes.reasons(vnf, attachments?.[i] ?? [], host));
      return [`${host.name} ${reasons[0] ?? ''}`];
    });
    const others = problem.hosts.length - choice;
    const reason = `do not fit it, e.g. ${examples.join('; ')}`;
    known.set(fits, (lines = others === 0 ? [] : [{ choice: `${others} hosts`, reason, fits: false }]));
  }
  if (how !== 'best' || choice <= room) return lines;
  return [...lines, { choice: `${choice - room} hosts`, reason: 'have no room for it', fits: false }];
}

function peakOf(usage: Usage, hosts: Iterable<number>): number {
  return [...new Set(hosts)].filter((h) => h >= 0).reduce((most, h) => Math.max(most, usage.share(h)), 0);
}

export function percent(share: number): string {
  return `${(share * 100).toFixed(1)} %`;
}
