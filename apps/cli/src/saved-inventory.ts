import type { SavedInventory } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { readInputFile } from './read-file.js';

/** What planning without an orchestrator needs; `inventory` of a running one prints it. */
export async function readSavedInventory(file: string): Promise<SavedInventory> {
  const saved: unknown = parseJson((await readInputFile(file)).toString('utf8'));
  if (isSavedInventory(saved)) return saved;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the saved inventory',
    on: file,
    why: 'it is not JSON with inventory.hosts and catalog.plugins',
    remedy: 'Save one with: underware inventory > FILE',
  });
}

export function isSavedInventory(value: unknown): value is SavedInventory {
  return (
    isObject(value) &&
    isObject(value['inventory']) &&
    Array.isArray(value['inventory']['hosts']) &&
    isObject(value['catalog']) &&
    Array.isArray(value['catalog']['plugins'])
  );
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

/** Undefined for what is not JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
