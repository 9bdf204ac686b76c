/** Tolerant readers of checked properties: what a finding was made of reads as empty, so that later checks go on. */

export function readText(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

export function readNumber(value: unknown, otherwise = 0): number {
  return typeof value === 'number' ? value : otherwise;
}

export function readOptionalNumber(value: unknown): number | undefined {
  return typeof value === 'number' ? value : undefined;
}

export function readList(value: unknown): unknown[] {
  return Array.isArray(value) ? value : [];
}

export function readTexts(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((entry) => typeof entry === 'string') : [];
}

export function readTextMap(value: unknown): Record<string, string> {
  return Object.fromEntries(
    Object.entries(readStruct(value)).filter(
      (entry): entry is [string, string] => typeof entry[1] === 'string',
    ),
  );
}

export function readNumberMap(value: unknown): Record<string, number> {
  return Object.fromEntries(
    Object.entries(readStruct(value)).filter(
      (entry): entry is [string, number] => typeof entry[1] === 'number',
    ),
  );
}

export function readStruct(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : {};
}

/** The value when it is one of a union's, else the first of them. */
export function readOneOf<T extends string>(value: unknown, values: readonly [T, ...T[]]): T {
  return values.find((candidate) => candidate === value) ?? values[0];
}
