/** Names longer than this are not compared, nor more of them than that: the work for one finding is bounded. */
const LONGEST_COMPARED = 64;
const MOST_COMPARED = 2000;

/** The candidate that `name` was probably meant to be, or undefined when none is close. */
export function nearestName(name: string, candidates: Iterable<string>): string | undefined {
  if (name === '' || name.length > LONGEST_COMPARED) return undefined;
  const wanted = name.toLowerCase();
  let best: string | undefined;
  let bestDistance = Math.max(1, Math.floor(name.length / 3)) + 1;
  let compared = 0;
  for (const candidate of candidates) {
    if (++compared > MOST_COMPARED) break;
    if (Math.abs(candidate.length - name.length) > bestDistance) continue;
    const distance = editDistance(wanted, candidate.toLowerCase(), bestDistance);
    if (distance < bestDistance || (distance === bestDistance && best !== undefined && candidate < best)) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

/**
 * Three rows of the table of distances, with room for what lower case lengthens: names are compared by the thousand, and
 * no row is kept.
 */
const rows: [Uint8Array, Uint8Array, Uint8Array] = [row(), row(), row()];

function row(): Uint8Array {
  return new Uint8Array(4 * LONGEST_COMPARED);
}

/** Insertions, deletions, substitutions and swaps of neighbours, each at cost one; above `limit`, only that it is above. */
function editDistance(a: string, b: string, limit: number): number {
  let [beforePrevious, previous, current] = rows;
  for (let j = 0; j <= b.length; j++) previous[j] = j;
  for (let i = 1; i <= a.length; i++) {
    let least = (current[0] = i);
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1];
      let cost = Math.min(at(previous, j - 1) + (same ? 0 : 1), at(previous, j) + 1, at(current, j - 1) + 1);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        cost = Math.min(cost, at(beforePrevious, j - 2) + 1);
      }
      current[j] = cost;
      least = Math.min(least, cost);
    }
    if (least > limit) return least;
    [beforePrevious, previous, current] = [previous, current, beforePrevious];
  }
  return at(previous, b.length);
}

function at(distances: Uint8Array, j: number): number {
  return distances[j] ?? 0;
}
