import type { Host, Operation, OperationStep, PacketEvent } from '@underware/client';

interface RemovedHost {
  id: string;
  removed: true;
}

/** One event in a short line; one of a kind that is not known here as its data. */
export function eventLine(event: string, data: unknown): string {
  return `${event.padEnd(9)}  ${textOf(event, data)}`;
}

function textOf(event: string, data: unknown): string {
  switch (event) {
    case 'operation':
      return operationText(data as Operation);
    case 'step':
      return stepText(data as OperationStep);
    case 'host':
      return hostText(data as Host | RemovedHost);
    case 'packet':
      return packetText(data as PacketEvent);
    default:
      return JSON.stringify(data);
  }
}

function operationText(operation: Operation): string {
  const { lcmOperationType, operationState, phase, waitsFor, error, id } = operation;
  const waiting = waitsFor === undefined ? '' : `, waits for ${waitsFor.hosts.join(', ')}`;
  const why = error?.report?.why ?? error?.detail;
  const failed = why === undefined ? '' : `: ${firstLine(why)}`;
  return `${lcmOperationType} ${operationState}  ${phase}${waiting}${failed}  (operation ${id})`;
}

function stepText({ hostName, status, name, error }: OperationStep): string {
  return `${hostName}  ${status.padEnd(7)}  ${name}${error === undefined ? '' : `: ${firstLine(error.why)}`}`;
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
