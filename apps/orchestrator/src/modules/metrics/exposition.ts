export type Labels = Readonly<Record<string, string>>;

export interface Sample {
  labels: Labels;
  value: number;
}

/** A distribution: how many were at most each bound (ascending, the last is infinite), and the sum of all of them. */
export interface Distribution {
  labels: Labels;
  buckets: { bound: number; count: number }[];
  sum: number;
}

export type Family = { name: string; help: string } & (
  { type: 'counter' | 'gauge'; samples: Sample[] } | { type: 'histogram'; samples: Distribution[] }
);

/** What Prometheus reads: https://prometheus.io/docs/instrumenting/exposition_formats/, version 0.0.4. */
export const EXPOSITION_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

/** Families without samples are left out. */
export function exposition(families: readonly Family[]): string {
  return families.map(familyText).join('');
}

function familyText(family: Family): string {
  if (family.samples.length === 0) return '';
  const { name, help, type } = family;
  const lines = type === 'histogram' ? family.samples.flatMap((each) => distributionLines(name, each)) : [];
  const plain = type === 'histogram' ? [] : family.samples.map((each) => line(name, each.labels, each.value));
  return [`# HELP ${name} ${escapeHelp(help)}`, `# TYPE ${name} ${type}`, ...lines, ...plain, ''].join('\n');
}

function distributionLines(name: string, { labels, buckets, sum }: Distribution): string[] {
  const all = buckets.at(-1)?.count ?? 0;
  return [
    ...buckets.map(({ bound, count }) => line(`${name}_bucket`, { ...labels, le: boundText(bound) }, count)),
    line(`${name}_sum`, labels, sum),
    line(`${name}_count`, labels, all),
  ];
}

function line(name: string, labels: Labels, value: number): string {
  const inside = Object.entries(labels).map(([label, text]) => `${label}="${escapeLabel(text)}"`);
  return `${name}${inside.length > 0 ? `{${inside.join(',')}}` : ''} ${value}`;
}

function boundText(bound: number): string {
  return Number.isFinite(bound) ? String(bound) : '+Inf';
}

function escapeHelp(text: string): string {
  return text.replaceAll('\\', '\\\\').replaceAll('\n', '\\n');
}

function escapeLabel(text: string): string {
  return escapeHelp(text).replaceAll('"', '\\"');
}
