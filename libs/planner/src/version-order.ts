/** Precedence of semantic versions: negative when `a` comes before `b`. What is no semantic version comes first. */
export function compareVersions(a: string, b: string): number {
  const left = parse(a);
  const right = parse(b);
  if (left === undefined || right === undefined) {
    return Number(left !== undefined) - Number(right !== undefined) || compareIds(a, b);
  }
  for (const [i, part] of left.release.entries()) {
    const difference = part - (right.release[i] ?? 0);
    if (difference !== 0) return difference;
  }
  return comparePreReleases(left.preRelease, right.preRelease);
}

function parse(version: string): { release: number[]; preRelease: string[] } | undefined {
  const match = /^(\d+)\.(\d+)\.(\d+)(?:-([0-9A-Za-z.-]+))?(?:\+[0-9A-Za-z.-]+)?$/.exec(version);
  if (match === null) return undefined;
  return { release: match.slice(1, 4).map(Number), preRelease: match[4]?.split('.') ?? [] };
}

/** A release comes after its pre-releases; a longer list of identifiers after its own beginning. */
function comparePreReleases(a: string[], b: string[]): number {
  if (a.length === 0 || b.length === 0) return b.length - a.length;
  for (const [i, id] of a.entries()) {
    const other = b[i];
    if (other === undefined) return 1;
    const difference = compareIds(id, other);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

function compareIds(a: string, b: string): number {
  const numeric = [a, b].map((id) => /^\d+$/.test(id));
  if (numeric[0] === true && numeric[1] === true) return Number(a) - Number(b);
  if (numeric[0] !== numeric[1]) return numeric[0] === true ? -1 : 1;
  return a < b ? -1 : a > b ? 1 : 0;
}
