import type { SavedInventory } from '@underware/client';
import { UnderwareError } from '@underware/core';
import type { KernelProfile } from '@underware/core';
import type { ZodType } from 'zod';
import { readInputFile } from './read-file.js';

/** What planning without an orchestrator needs; `inventory` of a running one prints it. */
export async function readSavedInventory(file: string): Promise<SavedInventory> {
  const saved: unknown = parseJson((await readInputFile(file)).toString('utf8'));
  await refuseHalf('inventory', saved, file);
  return saved as SavedInventory;
}

/** Of a file that either command printed. */
export async function readInventoryOrProfile(file: string): Promise<SavedInventory | KernelProfile> {
  const saved: unknown = parseJson((await readInputFile(file)).toString('utf8'));
  if (isInventory(saved)) {
    await refuseHalf('inventory', saved, file);
    return saved as SavedInventory;
  }
  await refuseHalf('profile', saved, file);
  return saved as KernelProfile;
}

export function isInventory(value: unknown): value is SavedInventory {
  return typeof value === 'object' && value !== null && 'inventory' in value;
}

const KINDS = {
  inventory: { what: 'saved inventory', command: 'underware inventory' },
  profile: { what: 'kernel profile', command: 'underware hosts profile' },
} as const;

/** Says where in the file it is not what the command prints. */
async function refuseHalf(kind: keyof typeof KINDS, value: unknown, file: string): Promise<void> {
  const fault = await faultIn(kind, value);
  if (fault === undefined) return;
  const { what, command } = KINDS[kind];
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: `read the ${what}`,
    on: file,
    why: `it is not what \`${command}\` prints: ${fault}`,
    remedy: `Save one with: ${command} > FILE`,
  });
}

/** Loaded by what needs it: most commands do not. */
async function faultIn(kind: keyof typeof KINDS, value: unknown): Promise<string | undefined> {
  if (value === undefined) return 'it is not JSON';
  const { kernelProfileSchema, savedInventorySchema } = await import('./inventory-schema.js');
  const schema: ZodType = kind === 'inventory' ? savedInventorySchema : kernelProfileSchema;
  const issue = schema.safeParse(value).error?.issues[0];
  if (issue === undefined) return undefined;
  const place = issue.path.map(String).join('.');
  return place === '' ? issue.message : `${place}: ${issue.message}`;
}

/** Undefined for what is not JSON. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
