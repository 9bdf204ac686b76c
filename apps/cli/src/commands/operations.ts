import { isRunning } from '@underware/client';
import type { Operation } from '@underware/client';
import type { OperationAction } from '@underware/core';
import { follow, printEnd, stepLine } from '../progress.js';
import { eventLine } from '../render/event-line.js';
import { printTable } from '../render/table.js';
import { resolve } from '../resolve-id.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';

export async function listOperations({ client, terminal }: Session): Promise<void> {
  const [operations, instances] = await Promise.all([client().operations(), client().instances()]);
  if (terminal.json) return printJson(terminal, operations);
  const names = new Map(instances.map(({ id, nsInstanceName }) => [id, nsInstanceName]));
  const rows = operations.map((operation) => [
    operation.lcmOperationType,
    operation.operationState,
    phaseOf(operation),
    names.get(operation.nsInstanceId) ?? operation.nsInstanceId,
    operation.startTime,
    operation.id,
    reasonOf(operation),
  ]);
  printTable(
    terminal,
    ['OPERATION', 'STATE', 'PHASE', 'SERVICE', 'STARTED', 'ID', 'REASON'],
    rows,
    'No operations yet.',
  );
}

/** What one operation did on its hosts, how it stands, and what can be done about it. */
export async function showOperation({ client, terminal }: Session, given: string): Promise<void> {
  const operation = resolve('operation', await client().operations(), given, () => undefined);
  const steps = await client().steps(operation.id);
  if (terminal.json) return printJson(terminal, { operation, steps });
  for (const step of steps) if (step.status !== 'started') terminal.out(`${stepLine(step)}\n`);
  terminal.out(`operation ${operation.id}  service ${operation.nsInstanceId}  ${phaseOf(operation)}\n`);
  if (!isRunning(operation)) return printEnd({ ...terminal, err: terminal.out }, operation);
  terminal.out(`${operation.lcmOperationType} ${operation.operationState}\n`);
}

function phaseOf({ phase, waitsFor }: Operation): string {
  return waitsFor === undefined ? phase : `${phase} (waits for ${waitsFor.hosts.join(', ')})`;
}

const LONGEST_REASON = 80;

function reasonOf({ error }: Operation): string {
  const [line = ''] = (error?.report?.why ?? error?.detail ?? '').split('\n');
  return line.length > LONGEST_REASON ? `${line.slice(0, LONGEST_REASON - 1)}…` : line;
}

/** retry, rollback or fail; then follows the operation until it rests again. */
export async function act(session: Session, action: OperationAction, given: string): Promise<void> {
  const { client } = session;
  const { id } = resolve('operation', await client().operations(), given, () => undefined);
  // What happened until now was shown when it failed, and is in `operation`.
  const known = (await client().steps(id)).at(-1)?.id;
  await client().act(id, action);
  const ended = await follow(session, id, known);
  if (action === 'rollback' && ended.operationState === 'ROLLED_BACK') session.exitCode = 0;
  if (action === 'fail' && ended.operationState === 'FAILED') session.exitCode = 0;
}

/** Prints what happens as it happens, until Ctrl-C; always one event a line. Data for programs has every event. */
export async function events({ client, terminal, signal }: Session, telemetry: boolean): Promise<void> {
  for await (const { event, data } of client().events({}, signal)) {
    if (terminal.json) terminal.out(`${JSON.stringify({ event, data })}\n`);
    else if (telemetry || event !== 'telemetry')
      terminal.out(`${new Date().toISOString().slice(11, 23)}  ${eventLine(event, data)}\n`);
  }
}
