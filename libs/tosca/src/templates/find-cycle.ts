/** A name that leads back to itself, if there is one; without recursion, each name once. */
export function cycleIn(
  names: Iterable<string>,
  following: (name: string) => readonly string[],
): string | undefined {
  const done = new Set<string>();
  const open = new Set<string>();
  for (const start of names) {
    const path: { name: string; left: readonly string[]; next: number }[] = [];
    const enter = (name: string): void => {
      open.add(name);
      path.push({ name, left: following(name), next: 0 });
    };
    if (!done.has(start)) enter(start);
    for (let top = path.at(-1); top !== undefined; top = path.at(-1)) {
      const next = top.left[top.next++];
      if (next === undefined) {
        path.pop();
        open.delete(top.name);
        done.add(top.name);
      } else if (open.has(next)) {
        return next;
      } else if (!done.has(next)) {
        enter(next);
      }
    }
  }
  return undefined;
}
