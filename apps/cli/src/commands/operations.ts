import type { OperationAction } from '@underware/core';
import { follow } from '../progress.js';
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
    operation.waitsFor === undefined
      ? operation.phase
      : `${operation.phase} (waits for ${operation.waitsFor.hosts.join(', ')})`,
    names.get(operation.nsInstanceId) ?? operation.nsInstanceId,
    operation.startTime,
    operation.id,
  ]);
  printTable(
    terminal,
    ['OPERATION', 'STATE', 'PHASE', 'SERVICE', 'STARTED', 'ID'],
    rows,
    'No operations yet.',
  );
}

/** retry, rollback or fail; then follows the operation until it rests again. */
export async function act(session: Session, action: OperationAction, given: string): Promise<void> {
  const { client } = session;
  const { id } = resolve('operation', await client().operations(), given, () => undefined);
  await client().act(id, action);
  const ended = await follow(session, id);
  if (action === 'rollback' && ended.operationState === 'ROLLED_BACK') session.exitCode = 0;
  if (action === 'fail' && ended.operationState === 'FAILED') session.exitCode = 0;
}

/** Prints what happens as it happens, until Ctrl-C; always one event a line. */
export async function events({ client, terminal, signal }: Session): Promise<void> {
  for await (const { event, data } of client().events({}, signal)) {
    if (terminal.json) terminal.out(`${JSON.stringify({ event, data })}\n`);
    else
      terminal.out(
        `${new Date().toISOString().slice(11, 23)}  ${event.padEnd(9)}  ${JSON.stringify(data)}\n`,
      );
  }
}
