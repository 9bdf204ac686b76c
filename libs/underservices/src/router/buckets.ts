/** As many as the hash of a flow picks from; a power of two. */
export const BUCKETS = 256;

/**
 * Next hops in the buckets that flows fall into. Each bucket goes to the next hop that weighs most in it (rendezvous
 * hashing): when one leaves, its own buckets alone change; when one joins, it takes only what becomes its own.
 */
export function bucketsOf(nextHops: readonly number[][]): number[][] {
  const [only] = nextHops;
  if (only === undefined) return [];
  if (nextHops.length === 1) return [only];
  return Array.from({ length: BUCKETS }, (_, bucket) => {
    let best = only;
    let most = -1;
    for (const hop of nextHops) {
      const weight = weightOf(hop, bucket);
      if (weight > most) [best, most] = [hop, weight];
    }
    return best;
  });
}

/** FNV-1a over both, then mixed: 32 bits. */
function weightOf(hop: readonly number[], bucket: number): number {
  let hash = 0x811c9dc5;
  for (const byte of [...hop, bucket]) hash = Math.imul(hash ^ byte, 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}
