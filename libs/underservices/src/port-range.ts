export interface PortRange {
  first: number;
  last: number;
}

/** Reads `8080`, `"8080"` or `"8000-8100"`; undefined for anything else. */
export function parsePorts(value: unknown): PortRange | undefined {
  const match = /^(\d{1,5})(?:\s*-\s*(\d{1,5}))?$/.exec(
    typeof value === 'number' ? String(value) : text(value),
  );
  if (match === null) return undefined;
  const first = Number(match[1]);
  const last = match[2] === undefined ? first : Number(match[2]);
  return first <= last && last <= 65535 ? { first, last } : undefined;
}

function text(value: unknown): string {
  return typeof value === 'string' ? value.trim() : '';
}
