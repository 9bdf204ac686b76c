import { isRunning } from '@underware/client';
import type { Operation } from '@underware/client';
import { UnderwareError } from '@underware/core';
import type { OperationAction } from '@underware/core';
import { findInstance } from './services.js';
import { follow, printEnd, stepLine } from '../progress.js';
import { eventLine, serviceOf } from '../render/event-line.js';
import type { ServiceNames } from '../render/event-line.js';
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
  const [steps, instances] = await Promise.all([client().steps(operation.id), client().instances()]);
  if (terminal.json) return printJson(terminal, { operation, steps });
  for (const step of steps) if (step.status !== 'started') terminal.out(`${stepLine(step)}\n`);
  const { nsInstanceId } = operation;
  const service = instances.find(({ id }) => id === nsInstanceId)?.nsInstanceName ?? nsInstanceId;
  terminal.out(`operation ${operation.id}  service ${service}  ${phaseOf(operation)}\n`);
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

export interface EventsOptions {
  /** Also counters, whenever a host sends them. */
  telemetry: boolean;
  /** Also what plugins report of packets. */
  packets: boolean;
  /** Only what plugins reported of packets until now, at most so many. */
  last?: number;
}

/** Prints what happens as it happens, until Ctrl-C; always one event a line. Data for programs has every event. */
export async function events(
  session: Session,
  given: string | undefined,
  options: EventsOptions,
): Promise<void> {
  const { client, terminal, signal } = session;
  const service = given === undefined ? undefined : (await findInstance(session, given)).id;
  if (options.last !== undefined) {
    if (service === undefined) throw needsService();
    const told = await client().packetEvents(service, options.last);
    if (terminal.json) return printJson(terminal, told);
    if (told.length === 0) terminal.err('No plugin of this service reported a packet lately\n');
    for (const each of told) terminal.out(`${clock(each.at)}  ${eventLine('packet', each, new Map())}\n`);
    return;
  }
  const isWanted = (event: string): boolean =>
    event === 'telemetry' ? options.telemetry : event !== 'packet' || options.packets;
  let names: ServiceNames = new Map();
  for await (const { event, data } of client().events({ ...(service && { service }) }, signal)) {
    if (terminal.json) terminal.out(`${JSON.stringify({ event, data })}\n`);
    else if (isWanted(event)) {
      names = await knowing(session, names, serviceOf(data));
      terminal.out(`${clock(new Date().toISOString())}  ${eventLine(event, data, names)}\n`);
    }
  }
}

/** The names again when one is not among them; one that has none is not asked for twice. */
async function knowing(
  { client }: Session,
  names: ServiceNames,
  service: string | undefined,
): Promise<ServiceNames> {
  if (service === undefined || names.has(service)) return names;
  const known = (await client().instances()).map(({ id, nsInstanceName }) => [id, nsInstanceName] as const);
  return new Map([[service, service], ...names, ...known]);
}

function clock(at: string): string {
  return at.slice(11, 23);
}

function needsService(): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'list events of packets',
    on: '--last',
    why: 'they are kept by service, and none is named',
    remedy: 'Name a service instance: underware events INSTANCE --last 20',
  });
}
