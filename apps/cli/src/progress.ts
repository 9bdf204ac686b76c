import { followOperation, waitText } from '@underware/client';
import type { Operation, OperationStep } from '@underware/client';
import type { Phase } from '@underware/core';
import { Listr } from 'listr2';
import type { Session } from './session.js';
import { paintFor, printable, printJson } from './terminal.js';
import type { Terminal } from './terminal.js';

const PHASES_OF: Record<Operation['lcmOperationType'], [Phase, string][]> = {
  INSTANTIATE: [
    ['planning', 'Plan'],
    ['conditioning', 'Condition the kernels'],
    ['starting', 'Start the VNFs'],
  ],
  UPDATE: [
    ['conditioning', 'Condition the kernels'],
    ['starting', 'Start the VNFs'],
  ],
  TERMINATE: [
    ['stopping', 'Stop the VNFs'],
    ['unconditioning', 'Take the plugins and ports away'],
  ],
};

const CANARY_PHASES: [Phase, string][] = [
  ['measuring', 'Measure what the canary does'],
  ['canary', 'Bring it the new version'],
  ['watching', 'Watch what it does'],
];

/** An operation that rests, with what was reported of it. */
export interface Followed {
  operation: Operation;
  steps: OperationStep[];
}

/** Shows an operation until it rests: moving in a terminal, line by line elsewhere, the result as JSON. Exit code 1 unless done. */
export async function follow(session: Session, id: string, after = '0'): Promise<Operation> {
  const followed = await show(session, id, after);
  if (session.terminal.json) printJson(session.terminal, followed);
  return followed.operation;
}

/** One after the other; the results are for the caller to print where they are wanted as JSON. */
export async function followEach(session: Session, ids: readonly string[]): Promise<Followed[]> {
  const followed: Followed[] = [];
  for (const id of ids) followed.push(await show(session, id, '0'));
  return followed;
}

async function show(session: Session, id: string, after: string): Promise<Followed> {
  const { terminal } = session;
  const steps: OperationStep[] = [];
  const operation = terminal.json
    ? await gather(session, id, after, { step: (step) => steps.push(step) })
    : terminal.interactive
      ? await showTasks(session, id, after)
      : await gather(session, id, after, {
          // In a log, that a step began says little more than that it ended.
          step: (step) => void (step.status !== 'started' && terminal.out(`${stepLine(step)}\n`)),
          operation: (each) => terminal.out(canaryLine(each)),
          waiting: (text) => terminal.out(`${text}\n`),
        });
  if (operation.operationState !== 'COMPLETED') session.exitCode = 1;
  if (!terminal.json) printEnd(terminal, operation);
  return { operation, steps };
}

/** What an operation does with its canary now; nothing of any other. */
function canaryLine({ canary, phase, operationState }: Operation): string {
  if (canary === undefined || operationState !== 'PROCESSING') return '';
  const hosts = canary.hosts.join(', ') || 'other services';
  const { windowSeconds } = canary.band;
  switch (phase) {
    case 'measuring':
      return `canary  ${hosts}: measuring the old version for ${windowSeconds} s\n`;
    case 'canary':
      return `canary  ${hosts}: bringing the new version\n`;
    case 'watching':
      return `canary  ${hosts}: watching the new version for ${windowSeconds} s\n`;
    default:
      return `canary  ${hosts}: inside its band; on to the other hosts\n`;
  }
}

/** `12:00:00.123  h1  done     load guard firewall@0.2.0 on web_port inbound` */
export function stepLine({ at, hostName, status, name, title = name, error }: OperationStep): string {
  const line = `${at.slice(11, 23)}  ${hostName}  ${status.padEnd(7)}  ${title}`;
  return error === undefined ? line : `${line}: ${error.why}`;
}

interface Told {
  step: (step: OperationStep) => void;
  operation?: (operation: Operation) => void;
  waiting?: (text: string) => void;
}

async function gather(session: Session, id: string, after: string, told: Told): Promise<Operation> {
  let last: Operation | undefined;
  for await (const progress of followOperation(session.client(), id, { signal: session.signal, after })) {
    if (progress.kind === 'step') told.step(progress.step);
    else if (progress.kind === 'waiting') told.waiting?.(`waits for ${waitText(progress)}`);
    else told.operation?.(progress.operation);
    if (progress.kind === 'operation') last = progress.operation;
  }
  return last ?? session.client().operation(id);
}

/** One task per phase; the step that happens right now is shown below it. */
async function showTasks(session: Session, id: string, after: string): Promise<Operation> {
  const { lcmOperationType, canary } = await session.client().operation(id);
  const tried = canary === undefined ? [] : CANARY_PHASES;
  const phases = [...tried, ...PHASES_OF[lcmOperationType]];
  const reached = new Reached();
  let task: { output: string } | undefined;
  const say = (text: string): void => {
    if (task) task.output = printable(text);
  };
  const following = gather(session, id, after, {
    step: (step) => say(stepLine(step)),
    operation: ({ phase }) => reached.advance(phases.findIndex(([name]) => name === phase)),
    waiting: say,
  });
  following.then(
    ({ operationState }) => reached.end(operationState === 'COMPLETED' ? phases.length : undefined),
    () => reached.end(undefined),
  );
  const tasks = phases.map(([, title], position) => ({
    title,
    task: async (_: unknown, own: { output: string }) => {
      task = own;
      // Only marks the task as failed: what failed, and why, is said below all of them.
      if (!(await reached.passed(position))) throw new Error(title);
    },
  }));
  await new Listr(tasks, { rendererOptions: { showErrorMessage: false } }).run().catch(() => undefined);
  return following;
}

/** How far an operation has come, for those who wait for it to pass a phase. */
class Reached {
  private position = 0;
  private isOver = false;
  private waiting: (() => void)[] = [];

  advance(position: number): void {
    this.position = Math.max(this.position, position);
    this.wake();
  }

  end(position: number | undefined): void {
    this.isOver = true;
    this.advance(position ?? this.position);
  }

  /** True once it is beyond the position; false when it ended before. */
  async passed(position: number): Promise<boolean> {
    if (this.position > position || this.isOver) return this.position > position;
    await new Promise<void>((resolve) => this.waiting.push(resolve));
    return this.passed(position);
  }

  private wake(): void {
    const woken = this.waiting;
    this.waiting = [];
    for (const resolve of woken) resolve();
  }
}

export function printEnd(terminal: Terminal, operation: Operation): void {
  const paint = paintFor(terminal);
  const title = `${operation.lcmOperationType} ${operation.operationState}`;
  if (operation.operationState === 'COMPLETED') {
    for (const { instance, host, outcome, reason } of operation.canary?.figures ?? [])
      terminal.out(`canary  ${instance} on ${host}: ${outcome}: ${reason}\n`);
    terminal.out(`${paint('green', title)}\n`);
    return;
  }
  terminal.err(`${paint('red', title)}  operation ${operation.id}\n`);
  const report = operation.error?.report;
  if (report) {
    terminal.err(
      `  what    ${report.attempted} on ${report.on}\n  why     ${report.why}\n  remedy  ${report.remedy}\n`,
    );
    if (report.detail !== undefined) terminal.err(`\n${report.detail.trimEnd()}\n\n`);
  } else if (operation.error) terminal.err(`  ${operation.error.detail}\n`);
  for (const action of operation.allowedActions)
    terminal.err(`  next    underware ${action} ${operation.id}\n`);
}
