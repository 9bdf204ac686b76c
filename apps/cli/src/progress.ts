import { followOperation } from '@underware/client';
import type { Operation, OperationStep } from '@underware/client';
import type { Phase } from '@underware/core';
import { Listr } from 'listr2';
import type { Session } from './session.js';
import { paintFor, printJson } from './terminal.js';
import type { Terminal } from './terminal.js';

const PHASES_OF: Record<Operation['lcmOperationType'], [Phase, string][]> = {
  INSTANTIATE: [
    ['planning', 'Plan'],
    ['conditioning', 'Condition the kernels'],
    ['starting', 'Start the VNFs'],
  ],
  TERMINATE: [
    ['stopping', 'Stop the VNFs'],
    ['unconditioning', 'Take the plugins and ports away'],
  ],
};

/** Shows an operation until it rests: moving in a terminal, line by line elsewhere, the result as JSON. Exit code 1 unless done. */
export async function follow(session: Session, id: string): Promise<Operation> {
  const { terminal } = session;
  const steps: OperationStep[] = [];
  const ended = terminal.json
    ? await gather(session, id, (step) => steps.push(step))
    : terminal.interactive
      ? await showTasks(session, id)
      : await gather(session, id, (step) => terminal.out(`${stepLine(step)}\n`));
  if (ended.operationState !== 'COMPLETED') session.exitCode = 1;
  if (terminal.json) printJson(terminal, { operation: ended, steps });
  else printEnd(terminal, ended);
  return ended;
}

/** `12:00:00.123  h1  done     load-instance …` */
export function stepLine({ at, hostName, status, name, error }: OperationStep): string {
  const line = `${at.slice(11, 23)}  ${hostName}  ${status.padEnd(7)}  ${name}`;
  return error === undefined ? line : `${line}: ${error.why}`;
}

async function gather(
  session: Session,
  id: string,
  onStep: (step: OperationStep) => void,
): Promise<Operation> {
  let last: Operation | undefined;
  for await (const progress of followOperation(session.client(), id, { signal: session.signal })) {
    if (progress.kind === 'step') onStep(progress.step);
    else last = progress.operation;
  }
  return last ?? session.client().operation(id);
}

/** One task per phase; the step that happens right now is shown below it. */
async function showTasks(session: Session, id: string): Promise<Operation> {
  const { lcmOperationType } = await session.client().operation(id);
  const phases = PHASES_OF[lcmOperationType];
  const position = (phase: Phase): number => phases.findIndex(([name]) => name === phase);
  let reached = 0;
  let output: (text: string) => void = () => undefined;
  let wake: () => void = () => undefined;
  let ended: Operation | undefined;
  let failure: Error | undefined;
  let isOver = false;
  const following = (async () => {
    for await (const progress of followOperation(session.client(), id, { signal: session.signal })) {
      if (progress.kind === 'step') output(stepLine(progress.step));
      else {
        ended = progress.operation;
        reached = Math.max(reached, position(ended.phase));
        wake();
      }
    }
    reached = ended?.operationState === 'COMPLETED' ? phases.length : reached;
  })()
    .catch((error: unknown) => (failure = error instanceof Error ? error : new Error(String(error))))
    .finally(() => {
      isOver = true;
      wake();
    });
  const tasks = phases.map(([phase, title]) => ({
    title,
    task: async (_: unknown, task: { output: string }) => {
      output = (text) => (task.output = text);
      while (reached <= position(phase) && !isOver) await new Promise<void>((resolve) => (wake = resolve));
      if (reached <= position(phase))
        throw failure ?? new Error(ended?.error?.detail ?? ended?.operationState ?? '');
    },
  }));
  await new Listr(tasks, { exitOnError: true, rendererOptions: { showErrorMessage: false } })
    .run()
    .catch(() => undefined);
  await following;
  if (failure) throw failure;
  return ended ?? session.client().operation(id);
}

function printEnd(terminal: Terminal, operation: Operation): void {
  const paint = paintFor(terminal);
  const title = `${operation.lcmOperationType} ${operation.operationState}`;
  if (operation.operationState === 'COMPLETED') {
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
