import type { Host, Operation, OperationStep, PacketEvent } from '@underware/client';

interface RemovedHost {
  id: string;
  removed: true;
}

/** Names of services by their ids. */
export type ServiceNames = ReadonlyMap<string, string>;

/** One event in a short line; one of a kind that is not known here as its data. */
export function eventLine(event: string, data: unknown, names: ServiceNames): string {
  return `${event.padEnd(9)}  ${textOf(event, data, names)}`;
}

/** The service that an event is about. */
export function serviceOf(data: unknown): string | undefined {
  const { nsInstanceId, service } = data as Partial<Operation & OperationStep>;
  return nsInstanceId ?? service;
}

function textOf(event: string, data: unknown, names: ServiceNames): string {
  switch (event) {
    case 'operation':
      return operationText(data as Operation, names);
    case 'step':
      return stepText(data as OperationStep, names);
    case 'host':
      return hostText(data as Host | RemovedHost);
    case 'packet':
      return packetText(data as PacketEvent);
    default:
      return JSON.stringify(data);
  }
}

function operationText(operation: Operation, names: ServiceNames): string {
  const { lcmOperationType, operationState, phase, waitsFor, error, id, nsInstanceId } = operation;
  const waiting = waitsFor === undefined ? '' : `, waits for ${waitsFor.hosts.join(', ')}`;
  const why = error?.report?.why ?? error?.detail;
  const failed = why === undefined ? '' : `: ${firstLine(why)}`;
  const service = names.get(nsInstanceId) ?? nsInstanceId;
  return `${service}  ${lcmOperationType} ${operationState}  ${phase}${waiting}${failed}  (operation ${id})`;
}

function stepText(step: OperationStep & { operation?: string }, names: ServiceNames): string {
  const { hostName, service, status, name, title = name, reason, error, operation } = step;
  // Where it began, the end follows with the reason. What is mended soon after an operation counts as that one's.
  const why = error?.why ?? (status === 'started' ? undefined : reason);
  const ending = why === undefined ? '' : `: ${firstLine(why)}`;
  return `${names.get(service) ?? service}  ${hostName}  ${status.padEnd(7)}  ${operation === undefined ? 'mend: ' : ''}${title}${ending}`;
}

function hostText(host: Host | RemovedHost): string {
  if ('removed' in host) return `${host.id}  removed`;
  const { name, ready, reason, appliedGeneration, desiredGeneration } = host;
  const state = ready ? 'ready' : `not ready: ${reason ?? 'unknown why'}`;
  return `${name}  ${state}, generation ${appliedGeneration} of ${desiredGeneration}`;
}

function packetText(event: PacketEvent): string {
  const { hostName, serviceName, port, direction, underservice, what, action, flow, bytes, lost } = event;
  const where = `${hostName}  ${serviceName} ${port} ${direction}  ${underservice}: ${what}`;
  const ends = flow === undefined ? '' : `  ${flowText(flow)}`;
  const size = bytes === undefined ? '' : `  ${bytes} B`;
  const missed = lost === 0 ? '' : `  (${lost} before it were not told)`;
  return `${where}${action === undefined ? '' : ` ${action}`}${ends}${size}${missed}`;
}

/** `tcp 192.0.2.7:40000 → 10.60.0.10:80`; without ports where there are none. */
export function flowText({
  protocol,
  source,
  destination,
  sourcePort,
  destinationPort,
}: NonNullable<PacketEvent['flow']>): string {
  return `${protocol} ${end(source, sourcePort)} → ${end(destination, destinationPort)}`;
}

function end(address: string, port: number): string {
  if (port === 0) return address;
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function firstLine(text: string): string {
  return text.split('\n', 1)[0] ?? '';
}
