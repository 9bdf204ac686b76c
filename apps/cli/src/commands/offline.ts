import type { Catalog, Inventory, Plan } from '@underware/core';
import { UnderwareError } from '@underware/core';
import { compile, formatFinding } from '@underware/descriptor';
import type { Finding } from '@underware/descriptor';
import { formatPlan, plan, planByHost } from '@underware/planner';
import { readInputFile } from '../read-file.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';

/** What planning without an orchestrator needs; `hosts --inventory` and `plugins --catalog` of a running one print it. */
interface SavedInventory {
  inventory: Inventory;
  catalog: Catalog;
}

export async function planFile(
  session: Session,
  file: string,
  options: { input: Record<string, unknown>; inventory?: string },
): Promise<void> {
  const { terminal } = session;
  const text = (await readInputFile(file)).toString('utf8');
  if (options.inventory === undefined) {
    const { hostNames, ...made } = await session.client().plan(file, text, options.input);
    if (terminal.json) printJson(terminal, { ...made, hostNames });
    else terminal.out(formatPlan(named(made, hostNames)));
    return;
  }
  const saved = await readSaved(options.inventory);
  const { graph, findings } = compile({ file, text }, options.input);
  if (graph === undefined) throw notValid(file, findings);
  const nobody = '00000000-0000-0000-0000-000000000000';
  const request = { planId: nobody, service: nobody };
  const made = plan(graph, saved.inventory, saved.catalog, request, new Date(0).toISOString());
  if (terminal.json) printJson(terminal, { ...made, byHost: planByHost(made, undefined, saved.inventory) });
  else terminal.out(formatPlan(made, saved.inventory));
}

/** Refuses what does not compile with every finding as the evidence. */
export function notValid(file: string, findings: Finding[]): UnderwareError {
  return new UnderwareError({
    code: 'DESCRIPTOR_INVALID',
    attempted: 'compile the descriptor',
    on: file,
    why: `it has ${findings.filter(({ severity }) => severity === 'error').length} error(s)`,
    remedy: 'Mend what the findings name',
    detail: findings.map((finding) => formatFinding(finding)).join('\n\n'),
  });
}

function named(made: Plan, hostNames: Record<string, string>): Plan {
  const slices = Object.entries(made.slices).map(
    ([host, slice]) => [hostNames[host] ?? host, slice] as const,
  );
  return { ...made, slices: Object.fromEntries(slices) };
}

async function readSaved(file: string): Promise<SavedInventory> {
  const saved: unknown = parse((await readInputFile(file)).toString('utf8'));
  if (isSaved(saved)) return saved;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read the saved inventory',
    on: file,
    why: 'it is not JSON with inventory.hosts and catalog.plugins',
    remedy: 'Save one with: underware inventory > FILE',
  });
}

function isSaved(value: unknown): value is SavedInventory {
  return (
    isObject(value) &&
    isObject(value['inventory']) &&
    Array.isArray(value['inventory']['hosts']) &&
    isObject(value['catalog']) &&
    Array.isArray(value['catalog']['plugins'])
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
