import { labProcesses } from './stack/lab-processes.js';
import type { LabProcess } from './stack/lab-processes.js';
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
  namespaces: string[];
}

/** What runs of a lab, as the machine tells. */
export async function statusOf(layout: LabLayout): Promise<Status> {
  const { hosts, vnfs, links } = await labNamespaces(layout.prefix);
  const processes = await labProcesses(layout, links);
  const stack = await readState(layout);
  const expected =
    stack === undefined ? [] : ['orchestrator', ...stack.hosts.map(({ name }) => `agent-${name}`)];
  const isComplete =
    stack !== undefined && expected.every((role) => processes.some((each) => each.role === role));
  return {
    state: isComplete ? 'up' : processes.length + hosts.length > 0 ? 'broken' : 'down',
    stack,
    isOwned: stack !== undefined && stack.mode === 'demo' && (await ownerLives(stack)),
    processes,
    namespaces: [...hosts, ...vnfs],
  };
}

export function renderStatus({ state, stack, processes, namespaces }: Status): string {
  const lines = [`The embedded stack is ${state}.`];
  if (stack !== undefined) {
    lines.push(
      `  API and console  ${stack.url}`,
      `  token            cat ${stack.tokenFile}`,
      `  queues           ${stack.queue}`,
      `  VNFs run as      ${stack.runtime}`,
      `  data and logs    ${stack.data}`,
    );
  }
  for (const { pid, role } of processes.toSorted((a, b) => (a.role < b.role ? -1 : 1)))
    lines.push(`  process ${String(pid).padStart(7)}  ${role}`);
  if (namespaces.length > 0) lines.push(`  namespaces       ${namespaces.join(' ')}`);
  return `${lines.join('\n')}\n`;
}
