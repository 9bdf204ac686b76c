import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { databaseDirectories, databaseDirectory } from './stack/database.js';
import { labProcesses } from './stack/lab-processes.js';
import type { LabProcess } from './stack/lab-processes.js';
import { DEFAULT_PREFIX } from './stack/layout.js';
import type { LabLayout } from './stack/layout.js';
import { labNamespaces } from './stack/namespaces.js';
import { ownerLives, readState } from './stack/state-file.js';
import type { StackState } from './stack/state-file.js';

export interface Status {
  /** `up`: everything that was started runs. `broken`: some of it. */
  state: 'up' | 'broken' | 'down';
  stack: StackState | undefined;
  /** Whether the demo that a stack belongs to still shows it. */
  isOwned: boolean;
  processes: LabProcess[];
  /** What was started and does not run, with the log that may say why. */
  missing: { role: string; log?: string }[];
  /** Whether the command line finds this lab by itself. */
  isDefault: boolean;
  namespaces: string[];
}

/** What runs of a lab, as the machine tells. */
export async function statusOf(layout: LabLayout): Promise<Status> {
  const { hosts, vnfs, links } = await labNamespaces(layout.prefix);
  const stack = await readState(layout);
  // A demo has data of its own.
  const data = stack?.data ?? layout.data;
  const processes = [...(await labProcesses(layout, links)), ...(await databaseOf({ ...layout, data }))];
  const databaseLog = join(await databaseDirectory({ ...layout, data }), 'postgres.log');
  const missing = expectedOf(stack)
    .filter((role) => !processes.some((each) => each.role === role))
    .map((role) => ({ role, ...logOf(role, data, databaseLog) }));
  const isComplete = stack !== undefined && missing.length === 0;
  return {
    state: isComplete ? 'up' : processes.length + hosts.length > 0 ? 'broken' : 'down',
    missing,
    isDefault: layout.prefix === DEFAULT_PREFIX,
    stack,
    isOwned: stack !== undefined && stack.mode === 'demo' && (await ownerLives(stack)),
    processes,
    namespaces: [...hosts, ...vnfs],
  };
}

function expectedOf(stack: StackState | undefined): string[] {
  if (stack === undefined) return [];
  const redis = stack.queue === 'redis' ? ['redis'] : [];
  return ['postgres', ...redis, 'orchestrator', ...stack.hosts.map(({ name }) => `agent-${name}`)];
}

/** The embedded Postgres carries no mark of the lab; its data directory names it. */
async function databaseOf(layout: LabLayout): Promise<LabProcess[]> {
  const found: LabProcess[] = [];
  for (const dir of databaseDirectories(layout)) {
    const text = await readFile(join(dir, 'data', 'postmaster.pid'), 'utf8').catch(() => '');
    const pid = Number.parseInt(text, 10);
    if (Number.isNaN(pid)) continue;
    const title = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
    // A file left by a crash may name a process that is someone else's by now.
    if (title.includes(dir))
      found.push({ pid, role: 'postgres', command: title.replaceAll('\0', ' ').trim() });
  }
  return found;
}

/** Redis writes none. */
function logOf(role: string, data: string, databaseLog: string): { log?: string } {
  if (role === 'redis') return {};
  return { log: role === 'postgres' ? databaseLog : join(data, 'logs', `${role}.log`) };
}

/** What is to be said before a broken stack is started anew. */
export function brokenText({ missing, stack, processes }: Status): string {
  const why =
    missing.length > 0
      ? `${missing.map(({ role }) => role).join(', ')} ended`
      : 'it was not started to its end';
  const vnfs = processes.some(({ role }) => role === 'workload') ? ', with the VNFs that run' : '';
  return `the stack is broken (${stack === undefined ? 'its start was cut short' : why}): what is left is taken down first${vnfs}`;
}

export function renderStatus({ state, stack, processes, missing, isDefault, namespaces }: Status): string {
  const lines = [`The embedded stack is ${state}.`];
  if (stack !== undefined) {
    lines.push(
      `  API and console  ${stack.url}`,
      `  token            cat ${stack.tokenFile}`,
      `  queues           ${stack.queue}`,
      `  VNFs run as      ${stack.runtime}`,
      `  data and logs    ${stack.data}`,
    );
    if (!isDefault)
      lines.push(
        '  this is not the default lab; for the command line:',
        `    export UNDERWARE_URL=${stack.url} UNDERWARE_TOKEN_FILE=${stack.tokenFile}`,
      );
  }
  for (const { role, log } of missing)
    lines.push(`  missing: ${role}${log === undefined ? '' : ` (log: ${log})`}`);
  for (const { pid, role } of processes.toSorted((a, b) => (a.role < b.role ? -1 : 1)))
    lines.push(`  process ${String(pid).padStart(7)}  ${role}`);
  if (namespaces.length > 0) lines.push(`  namespaces       ${namespaces.join(' ')}`);
  return `${lines.join('\n')}\n`;
}
