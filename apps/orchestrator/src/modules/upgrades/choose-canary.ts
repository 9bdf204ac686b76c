/** Which hosts try a new version first: named ones, or a part of all. */
export interface CanaryChoice {
  /** Ids. */
  hosts?: string[];
  percent?: number;
}

/** The first hosts by name, as many as the percentage asks for rounded up: at least one. Undefined where none is asked for. */
export function chooseCanary(
  { hosts, percent }: CanaryChoice,
  concerned: readonly { id: string; name: string }[],
): string[] | undefined {
  if (hosts !== undefined) return concerned.map(({ id }) => id).filter((id) => hosts.includes(id));
  if (percent === undefined) return undefined;
  const byName = [...concerned].sort((a, b) => (a.name < b.name ? -1 : 1));
  const count = Math.max(1, Math.ceil((concerned.length * percent) / 100));
  return byName.slice(0, count).map(({ id }) => id);
}
