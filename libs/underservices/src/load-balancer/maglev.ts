import { fnv1a } from '../stable-ids.js';

/** A backend on the ring: `weight` slots for each one that a backend of weight 1 has. */
export interface RingMember {
  name: string;
  weight: number;
}

/** Primes, so that every step of a permutation walks through all slots. */
const SIZES = [4093, 16_381, 65_521] as const;
/** So many slots for each share keep shares within about one per cent of what they should be. */
const SLOTS_PER_MEMBER = 100;

/** The number of slots for so many members. */
export function ringSize(members: number): number {
  return SIZES.find((size) => size >= members * SLOTS_PER_MEMBER) ?? SIZES[SIZES.length - 1] ?? 0;
}

/**
 * The ring that Maglev hashing fills ("Maglev: A Fast and Reliable Software Network Load Balancer", NSDI 2016): each slot
 * is an index into `members`. Every member prefers the slots in an order of its own, which its name alone decides, and takes
 * the next free one whenever it is its turn; turns come in proportion to weights. So a member that comes or goes moves few
 * slots beside its own. Members of weight 0 get none; with no other there is no ring.
 */
export function fillRing(members: readonly RingMember[], size: number): number[] {
  const ring = Array.from({ length: size }, () => -1);
  const walkers = members.flatMap(({ name, weight }, index) =>
    weight > 0 ? [{ index, weight, turns: 0, ...permutationOf(name, size) }] : [],
  );
  // Of equal turns the name decides, not the order in which members are listed.
  walkers.sort((a, b) => compareText(members[a.index]?.name ?? '', members[b.index]?.name ?? ''));
  const heaviest = Math.max(...walkers.map(({ weight }) => weight));
  if (walkers.length === 0) return [];
  for (let filled = 0; ;) {
    for (const walker of walkers) {
      walker.turns += walker.weight;
      if (walker.turns < heaviest) continue;
      walker.turns -= heaviest;
      while (ring[walker.next] !== -1) walker.next = (walker.next + walker.step) % size;
      ring[walker.next] = walker.index;
      if (++filled === size) return ring;
    }
  }
}

function permutationOf(name: string, size: number): { next: number; step: number } {
  return { next: fnv1a(`${name} offset`) % size, step: 1 + (fnv1a(`${name} step`) % (size - 1)) };
}

function compareText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
