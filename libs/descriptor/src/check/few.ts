const FEW = 8;

/** Names for a message: a service may have more of them than anyone reads. */
export function few(names: Iterable<string>): string {
  const all = [...names];
  return all.length <= FEW ? all.join(', ') : `${all.slice(0, FEW).join(', ')} and ${all.length - FEW} more`;
}
