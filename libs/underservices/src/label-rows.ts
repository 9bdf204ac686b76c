import type { LabelledRow, TelemetryRow } from './underservice-kind.js';

/** Names rows of an array map by their index; rows without a name are left out. */
export function labelByIndex(rows: readonly TelemetryRow[], names: readonly string[]): LabelledRow[] {
  return rows.flatMap((row) => {
    const label = names[Number(row.key)];
    return label === undefined ? [] : [{ ...row, label }];
  });
}

/** A row for every index below `length`, in order: rows that count nothing are not reported, and yet say something. */
export function withZeros(rows: readonly TelemetryRow[], length: number): TelemetryRow[] {
  const known = new Map(rows.map((row) => [Number(row.key), row]));
  return Array.from({ length }, (_, key) => known.get(key) ?? { key, value: { packets: 0, bytes: 0 } });
}

/** One row per label, fields of numbers added up; the key is that of the first. Rows of other shapes stay apart. */
export function sumByLabel(rows: readonly LabelledRow[]): LabelledRow[] {
  const sums = new Map<string, LabelledRow>();
  const result: LabelledRow[] = [];
  for (const row of rows) {
    const first = row.label === undefined ? undefined : sums.get(row.label);
    if (row.label !== undefined && first !== undefined && isCounter(first.value) && isCounter(row.value)) {
      first.value = add(first.value, row.value);
      continue;
    }
    const copy = { ...row };
    result.push(copy);
    if (row.label !== undefined) sums.set(row.label, copy);
  }
  return result;
}

function add(a: Record<string, number>, b: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(a).map(([field, value]) => [field, value + (b[field] ?? 0)]));
}

function isCounter(value: unknown): value is Record<string, number> {
  return (
    typeof value === 'object' &&
    value !== null &&
    Object.values(value).every((field) => typeof field === 'number')
  );
}
