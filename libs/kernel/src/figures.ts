import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { BpfMap, BpfProgram } from '@underware/libbpf';
import { VERDICTS, type VerdictCounters } from '@underware/core';
import { lend } from './bpf-call.js';
import { isEngineMap } from './engine-pins.js';
import { ifThere, infoOf } from './instance-pins.js';
import type { InstanceFigures, Row } from './kernel.js';
import { isRecord, plain } from './plain.js';
import { mapPins } from './state-pins.js';
import { openTyped } from './typed-map.js';

/** Rows of an instance in a report; what is beyond is cut, in the order of the maps and their keys. */
export const MOST_ROWS = 512;
/** Maps whose length the plugin's author decided, not the traffic. */
const COUNTER_ARRAYS = ['array', 'percpu_array'];

/** `countedElsewhere`: ids of maps that it shares and whose memory another instance has in its figures. */
export async function readFigures(
  path: string,
  names: readonly string[],
  countedElsewhere: ReadonlySet<number>,
): Promise<InstanceFigures> {
  const { runTimeNs, runCount, memoryBytes } = await lend(
    BpfProgram.fromPin(join(path, 'prog')),
    ({ info }) => info,
  );
  const own = mapPins(path).filter(({ name }) => !isEngineMap(name));
  const pins = new Map(own.map(({ name, pin }) => [name, pin]));
  const verdicts = await readVerdicts(countersPin(path));
  const maps: [string, Row[]][] = [];
  let left = MOST_ROWS;
  for (const name of names) {
    const pin = pins.get(name);
    const rows = pin && (await readRows(pin, left));
    if (!rows) continue;
    left -= rows.length;
    maps.push([name, rows]);
  }
  const since = await stat(countersPin(path)).catch(() => undefined);
  return {
    verdicts,
    ...(since && { countsSince: since.mtime.toISOString() }),
    memoryBytes: memoryBytes + mapBytes([join(path, 'rodata'), ...pins.values()], countedElsewhere),
    // The kernel counts only while statistics are on.
    ...(runCount > 0 ? { runTime: { nanoseconds: runTimeNs, runs: runCount } } : {}),
    maps: Object.fromEntries(maps),
  };
}

/** Its time says since when it counts: it is pinned when it is loaded, and touched when it is emptied. */
export function countersPin(path: string): string {
  return join(path, 'maps', 'uw_verdicts');
}

function mapBytes(pins: readonly string[], countedElsewhere: ReadonlySet<number>): number {
  return pins
    .flatMap((pin) => infoOf(() => BpfMap.fromPin(pin)) ?? [])
    .filter(({ id }) => !countedElsewhere.has(id))
    .reduce((sum, { memoryBytes }) => sum + memoryBytes, 0);
}

/** Raw: `struct uw_counter` per CPU is the engine's own, and needs neither BTF nor the right to read it. */
async function readVerdicts(pin: string): Promise<Record<string, VerdictCounters>> {
  const verdicts = Object.fromEntries(VERDICTS.map((verdict) => [verdict, { packets: 0, bytes: 0 }]));
  const map = ifThere(() => BpfMap.fromPin(pin));
  if (!map) return verdicts;
  return lend(map, async () => {
    for await (const [key, value] of map.rawEntries()) {
      const counters = verdicts[VERDICTS[numbersIn(Uint32Array, key)[0] ?? VERDICTS.length] ?? ''];
      if (!counters) continue;
      const perCpu = numbersIn(BigUint64Array, value);
      for (let i = 0; i + 1 < perCpu.length; i += 2) {
        counters.packets += Number(perCpu[i]);
        counters.bytes += Number(perCpu[i + 1]);
      }
    }
    return verdicts;
  });
}

/** The bytes as numbers of this machine's byte order, copied to where they are aligned. */
function numbersIn<Numbers>(view: new (buffer: ArrayBuffer) => Numbers, bytes: Uint8Array): Numbers {
  return new view(Uint8Array.from(bytes).buffer);
}

/** Undefined for a map that is not read. */
async function readRows(pin: string, most: number): Promise<Row[] | undefined> {
  const map = openTyped(pin);
  if (!map) return undefined;
  return lend(map, async () => {
    const rows = await rowsOf(map, most);
    return rows;
  });
}

/** What a map has counted, at most so many rows; undefined for one that is not read. */
export async function rowsOf(map: BpfMap, most: number): Promise<Row[] | undefined> {
  const { type, perCpu } = map.info;
  if (!COUNTER_ARRAYS.includes(type)) return undefined;
  const rows: Row[] = [];
  for await (const [key, value] of map.entries()) {
    if (rows.length === most) break;
    const whole = plain(perCpu && Array.isArray(value) ? total(value) : value);
    if (!isZero(whole)) rows.push({ key: plain(key), value: whole });
  }
  return rows;
}

/** Adds up the values of all CPUs, number by number. */
export function total(values: readonly unknown[]): unknown {
  return values.reduce((sum, value) => add(sum, value));
}

function add(a: unknown, b: unknown): unknown {
  if (isCount(a) && isCount(b)) return narrow(BigInt(a) + BigInt(b));
  if (Array.isArray(a) && Array.isArray(b)) return a.map((item, index) => add(item, b[index]));
  if (isRecord(a) && isRecord(b))
    return Object.fromEntries(Object.entries(a).map(([name, item]) => [name, add(item, b[name])]));
  return a;
}

/** Of what `plain` made: numbers, hex and decimal text, and what is made of them. */
function isZero(value: unknown): boolean {
  if (typeof value === 'object' && value !== null) return Object.values(value).every(isZero);
  return typeof value === 'string' ? /^0*$/.test(value) : !value;
}

function isCount(value: unknown): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint';
}

function narrow(value: bigint): number | bigint {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value;
}
