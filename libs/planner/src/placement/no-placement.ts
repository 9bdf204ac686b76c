import type { UnderwareError } from '@underware/core';
import { impossible } from '../impossible.js';
import { listed } from './constraints.js';
import { findConflict } from './conflict.js';
import type { Conflict } from './conflict.js';
import type { Problem } from './problem.js';

/** Hosts that are told apart in an answer. */
const MOST_HOSTS = 32;
/** Constraints that are named in its first sentence; all of them are in its evidence. */
const MOST_NAMED = 4;

/** The answer when nothing fits: the smallest set of constraints that conflict, and what every host has against it. */
export function noPlacement(problem: Problem): UnderwareError {
  if (problem.hosts.length === 0) {
    return impossible(`vnf ${problem.units[0]?.vnfs[0]?.name ?? ''}`, 'there is no host', 'Enrol a host.');
  }
  const conflict = findConflict(problem);
  const { constraints, vnfs, hosts, allReasons } = conflict;
  const on = `${vnfs.length === 1 ? 'vnf' : 'vnfs'} ${listed(vnfs)}`;
  const named = [...new Set(constraints)];
  const detail = [
    ...named.map((text) => `${named.length === 1 ? 'cannot be met' : 'in conflict'}: ${text}`),
    ...lines(allReasons),
  ];
  return impossible(on, whyOf(conflict, lines(hosts)), remedyOf(named), detail);
}

function whyOf({ constraints, isSmallest }: Conflict, hosts: readonly string[]): string {
  if (constraints.length === 0) return `no host fits: ${hosts.join(' · ')}`;
  const more = constraints.length - MOST_NAMED;
  const named = [...constraints.slice(0, MOST_NAMED), ...(more > 0 ? [`${more} more`] : [])];
  const what =
    constraints.length === 1 ? 'cannot be met' : isSmallest ? 'in conflict' : 'in conflict, maybe with less';
  return `no host fits (${what}: ${named.join('; ')}): ${hosts.join(' · ')}`;
}

function remedyOf(constraints: readonly string[]): string {
  return constraints.length > 1
    ? 'Give up one of what conflicts, or free or add a host that has what is missing.'
    : 'Free or add a host that has what is missing, or ask for less.';
}

/** One line for hosts with the same reasons, few lines in all. */
function lines(reasons: ReadonlyMap<string, readonly string[]>): string[] {
  if (reasons.size <= MOST_HOSTS) return [...reasons].map(([host, why]) => `${host} ${why.join('; ')}`);
  const alike = new Map<string, string[]>();
  for (const [host, why] of reasons) {
    // A reason may name its host, which must not keep alike ones apart.
    const text = why.join('; ').replaceAll(`${host} `, 'it ');
    alike.set(text, [...(alike.get(text) ?? []), host]);
  }
  const all = [...alike].map(([text, hosts]) => `${listed(hosts)}: ${text}`);
  return all.length <= MOST_HOSTS
    ? all
    : [...all.slice(0, MOST_HOSTS), `${all.length - MOST_HOSTS} more kinds of hosts`];
}
