import { UnderwareError } from '@underware/core';
import type { Footprint, ResidencyPrice } from './residency-costs.js';
import { DEFAULT_PRICE } from './residency-costs.js';

/** One service used a plugin: a copy of it was in a chain. Uses that overlap need a copy each. */
export interface Use {
  plugin: string;
  /** Seconds, on any clock. */
  from: number;
  to: number;
}

/** What happened on a host, as far as residency is concerned. */
export interface Trace {
  plugins: Map<string, Footprint>;
  /** By beginning. */
  uses: Use[];
  /** Kernel memory for all copies together; undefined: as much as there is. */
  budgetBytes?: number;
  price: ResidencyPrice;
  /** Until when costs are counted. */
  until: number;
}

/** Reads a history file: JSON, as docs/planning.md describes it. INPUT_INVALID names everything that is wrong. */
export function parseTrace(file: string, text: string): Trace {
  const problems: string[] = [];
  const wrong = (message: string): undefined => {
    if (problems.length < 50) problems.push(message);
    return undefined;
  };
  const source = parseJson(text, wrong);
  const plugins = readPlugins(source?.['plugins'], wrong);
  const uses = readUses(source?.['uses'], plugins, wrong);
  const end = uses.reduce((latest, { to }) => Math.max(latest, to), -Infinity);
  const until = source?.['until'] === undefined ? end : readTime(source['until'], 'until', wrong);
  if (until !== undefined && until < end) wrong('until: it is before the end of the last use');
  const budgetBytes = readOptional(source?.['budgetBytes'], 'budgetBytes', wrong);
  const perMillisecond = readOptional(
    source?.['mebibyteSecondsPerLoadMillisecond'],
    'mebibyteSecondsPerLoadMillisecond',
    wrong,
  );
  const [first] = problems;
  if (first !== undefined) throw invalid(file, first, problems);
  return {
    plugins,
    uses: uses.sort((a, b) => a.from - b.from || a.to - b.to || (a.plugin < b.plugin ? -1 : 1)),
    ...(budgetBytes === undefined ? {} : { budgetBytes }),
    price:
      perMillisecond === undefined ? DEFAULT_PRICE : { mebibyteSecondsPerLoadMillisecond: perMillisecond },
    until: until ?? end,
  };
}

type Wrong = (message: string) => undefined;

function parseJson(text: string, wrong: Wrong): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return isObject(value) ? value : wrong('the file: it is not an object');
  } catch (error) {
    return wrong(`the file: it is not JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

function readPlugins(value: unknown, wrong: Wrong): Map<string, Footprint> {
  const plugins = new Map<string, Footprint>();
  if (!isObject(value)) {
    wrong('plugins: it must name the plugins');
    return plugins;
  }
  for (const [name, entry] of Object.entries(value)) {
    const fields = isObject(entry) ? entry : {};
    const memoryBytes = readPositive(fields['memoryBytes'], `plugins.${name}.memoryBytes`, wrong);
    const loadMilliseconds = readPositive(
      fields['loadMilliseconds'],
      `plugins.${name}.loadMilliseconds`,
      wrong,
    );
    plugins.set(name, { memoryBytes: memoryBytes ?? 1, loadMilliseconds: loadMilliseconds ?? 1 });
  }
  return plugins;
}

function readUses(value: unknown, plugins: ReadonlyMap<string, Footprint>, wrong: Wrong): Use[] {
  if (!Array.isArray(value) || value.length === 0) {
    wrong('uses: it must be a list with at least one use');
    return [];
  }
  return value.flatMap((entry: unknown, i): Use[] => {
    const fields = isObject(entry) ? entry : {};
    const { plugin } = fields;
    const from = readTime(fields['from'], `uses[${i}].from`, wrong);
    const to = readTime(fields['to'], `uses[${i}].to`, wrong);
    if (typeof plugin !== 'string' || !plugins.has(plugin)) {
      wrong(`uses[${i}].plugin: ${typeof plugin === 'string' ? plugin : 'nothing'} is not among plugins`);
      return [];
    }
    if (from === undefined || to === undefined) return [];
    if (to < from) wrong(`uses[${i}]: it ends before it begins`);
    return [{ plugin, from, to }];
  });
}

/** A number of seconds, or a moment in ISO 8601. */
function readTime(value: unknown, name: string, wrong: Wrong): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value)) return value;
  const moment = typeof value === 'string' ? Date.parse(value) : NaN;
  return Number.isNaN(moment)
    ? wrong(`${name}: it is neither seconds nor a moment in ISO 8601`)
    : moment / 1000;
}

function readPositive(value: unknown, name: string, wrong: Wrong): number | undefined {
  if (typeof value === 'number' && Number.isFinite(value) && value > 0) return value;
  return wrong(`${name}: it must be a number above 0`);
}

function readOptional(value: unknown, name: string, wrong: Wrong): number | undefined {
  return value === undefined ? undefined : readPositive(value, name, wrong);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function invalid(file: string, first: string, problems: readonly string[]): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the history',
    on: file,
    why: problems.length === 1 ? first : `${first}, and ${problems.length - 1} more`,
    remedy: 'Correct what is named; docs/planning.md describes the format',
    detail: problems.join('\n'),
  });
}
