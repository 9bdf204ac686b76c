import type { BtfValue, InstanceConfig, MapEntry } from '@underware/core';
import type { ModelFinding, UnderserviceKind } from '../underservice-kind.js';

/** A program that others wrote, as it is: its model names variables and maps as its source does, values as JSON. */
export const PROGRAM: UnderserviceKind = {
  kind: 'program',
  sameOnAllPorts: true,
  check: (model) => [
    ...variablesOf(model).flatMap(([name, text]) => findings(text, ['variables', name])),
    ...entriesOf(model).flatMap(({ key, value }, at) => [
      ...findings(key, ['entries', at, 'key']),
      ...findings(value, ['entries', at, 'value']),
    ]),
  ],
  compile: (model): InstanceConfig => {
    const maps: Record<string, MapEntry[]> = {};
    for (const { map, key, value } of entriesOf(model))
      (maps[String(map)] ??= []).push({ key: parse(key), value: parse(value) });
    return {
      rodata: Object.fromEntries(variablesOf(model).map(([name, text]) => [name, parse(text)])),
      maps,
      mapSizes: Object.fromEntries(recordOf(model['sizes']).map(([name, size]) => [name, Number(size)])),
    };
  },
  label: (_model, _map, rows) => rows,
};

function findings(text: unknown, path: (string | number)[]): ModelFinding[] {
  if (typeof text !== 'string') return [];
  try {
    JSON.parse(text);
    return [];
  } catch {
    return [
      {
        code: 'RULE_INVALID',
        severity: 'error',
        path,
        at: 'value',
        message: `${JSON.stringify(text)} is no JSON`,
        expected:
          "a number, a text in quotes, a list, or fields by name, as in '7', '\"eth\"' or '{\"port\": 80}'",
      },
    ];
  }
}

function parse(text: unknown): BtfValue {
  return JSON.parse(String(text)) as BtfValue;
}

function variablesOf(model: Record<string, unknown>): [string, unknown][] {
  return recordOf(model['variables']);
}

function entriesOf(model: Record<string, unknown>): Record<'map' | 'key' | 'value', unknown>[] {
  const { entries } = model;
  return Array.isArray(entries) ? (entries as Record<'map' | 'key' | 'value', unknown>[]) : [];
}

function recordOf(value: unknown): [string, unknown][] {
  return typeof value === 'object' && value !== null ? Object.entries(value) : [];
}
