import { endsChain, ORDER_CLASSES } from '@underware/core';
import type { Direction, PluginManifest } from '@underware/core';
import { impossible } from '../impossible.js';
import { compareText } from '../stable-names.js';

/** What stands in a chain. */
export interface ChainMember {
  underservice: string;
  manifest: Pick<
    PluginManifest,
    'name' | 'version' | 'implements' | 'order' | 'before' | 'after' | 'final' | 'thirdParty'
  >;
}

export interface ChainPlace {
  /** By name, for people. */
  host: string;
  port: string;
  hook: string;
  direction: Direction;
}

export interface Position {
  order: number;
  /** In words: what puts it there. */
  reason: string;
}

interface Edge {
  first: ChainMember;
  next: ChainMember;
  reason: string;
}

/** What leaves meets the chain the other way round: positions count down from here. */
const OUTERMOST = 1000;

/**
 * The position of each member of one chain, by underservice. What plugins say of each other goes first; where nothing is
 * said, the order classes decide, then the names of the underservices. Throws PLAN_IMPOSSIBLE where plugins contradict one
 * another, or where one would stand behind another that passes nothing on.
 */
export function orderChain(members: readonly ChainMember[], place: ChainPlace): Map<string, Position> {
  const sorted = members.toSorted(byClass);
  const edges = [...edgesOf(sorted), ...edgesOfLast(sorted, place)];
  const inward: { member: ChainMember; order: number }[] = [];
  const left = new Set(sorted);
  let last = 0;
  while (left.size > 0) {
    const free = [...left].find(
      (member) => !edges.some(({ first, next }) => next === member && left.has(first)),
    );
    if (free === undefined) throw contradiction(edges, left, place);
    left.delete(free);
    last = Math.max(ORDER_CLASSES[free.manifest.order], last + 1);
    inward.push({ member: free, order: last });
  }
  refuseUnreachable(
    inward.map(({ member }) => member),
    place,
  );
  return new Map(
    inward.map(({ member, order }) => [
      member.underservice,
      {
        order: place.direction === 'inbound' ? order : OUTERMOST - order,
        reason: reasonOf(member, edges, place.direction),
      },
    ]),
  );
}

function byClass(a: ChainMember, b: ChainMember): number {
  return (
    ORDER_CLASSES[a.manifest.order] - ORDER_CLASSES[b.manifest.order] ||
    compareText(a.underservice, b.underservice)
  );
}

/** Plugins name others by their own name or by what they implement; those that are not in the chain do not matter. */
function edgesOf(members: readonly ChainMember[]): Edge[] {
  const edges: Edge[] = [];
  for (const member of members) {
    const { before = [], after = [] } = member.manifest;
    for (const other of members) {
      if (other === member) continue;
      const named = (names: readonly string[]): string | undefined =>
        names.find((name) => name === other.manifest.name || name === other.manifest.implements);
      const own = versionOf(member);
      const isBefore = named(before);
      if (isBefore !== undefined)
        edges.push({ first: member, next: other, reason: `${own} says before ${isBefore}` });
      const isAfter = named(after);
      if (isAfter !== undefined)
        edges.push({ first: other, next: member, reason: `${own} says after ${isAfter}` });
    }
  }
  return edges;
}

/** What cannot hand packets on is met last, whichever way they go. */
function edgesOfLast(members: readonly ChainMember[], { direction }: ChainPlace): Edge[] {
  return members.flatMap((last) => {
    if (!endsChain(last.manifest)) return [];
    const reason = `${versionOf(last)} cannot hand packets on`;
    return members
      .filter((other) => other !== last && !endsChain(other.manifest))
      .map((other) =>
        direction === 'inbound' ? { first: other, next: last, reason } : { first: last, next: other, reason },
      );
  });
}

function reasonOf(member: ChainMember, edges: readonly Edge[], direction: Direction): string {
  const said = edges
    .filter(({ first, next }) => first === member || next === member)
    .map(({ reason }) => reason);
  const counted = direction === 'outbound' ? ', counted from the inside out' : '';
  return [`${member.manifest.order}${counted}`, ...new Set(said)].join('; ');
}

/** One way round through what contradicts itself: each of these waits for another of them. */
function contradiction(edges: readonly Edge[], left: ReadonlySet<ChainMember>, place: ChainPlace) {
  const circle: Edge[] = [];
  let [at] = left;
  while (at !== undefined && !circle.some(({ next }) => next === at)) {
    const edge = edges.find(({ first, next }) => next === at && left.has(first));
    if (edge === undefined) break;
    circle.push(edge);
    at = edge.first;
  }
  const names = [...new Set(circle.flatMap(({ first, next }) => [versionOf(first), versionOf(next)]))];
  return impossible(
    textOf(place),
    `no order satisfies ${names.join(' and ')}: ${circle.map(({ reason }) => reason).join('; ')}`,
    'Take one of them off the port, or correct before and after in a plugin.yaml.',
  );
}

/** On the way in, nothing is met after what passes nothing on; on the way out nothing before it is. */
function refuseUnreachable(inward: readonly ChainMember[], place: ChainPlace): void {
  const met = place.direction === 'inbound' ? inward : inward.toReversed();
  refuseDelivered(met, place);
  const end = met.findIndex(({ manifest }) => manifest.final === true || endsChain(manifest));
  const unreachable = end < 0 ? undefined : met[end + 1];
  const final = met[end];
  if (unreachable === undefined || final === undefined) return;
  throw impossible(
    textOf(place),
    `${versionOf(unreachable)} of ${unreachable.underservice} can never be reached: ${versionOf(final)} of ${final.underservice} comes before it and passes nothing on`,
    'Take one of them off the port, or bind it to the other direction.',
  );
}

/** What delivers hands on by itself nearly all that leaves: behind it, next to nothing would be met. */
function refuseDelivered(met: readonly ChainMember[], place: ChainPlace): void {
  const delivers = met.find(({ manifest }) => manifest.order === 'switch');
  const last = met.find(({ manifest }) => endsChain(manifest));
  if (place.direction === 'inbound' || delivers === undefined || last === undefined) return;
  throw impossible(
    textOf(place),
    `${versionOf(last)} of ${last.underservice} cannot hand packets on, so it would stand behind ${versionOf(delivers)} of ${delivers.underservice}, which delivers them`,
    'Take one of them off the port, or bind it to the other direction.',
  );
}

function textOf({ host, port, hook }: ChainPlace): string {
  return `chain ${port} ${hook} on ${host}`;
}

function versionOf({ manifest: { name, version } }: ChainMember): string {
  return `${name}@${version}`;
}
