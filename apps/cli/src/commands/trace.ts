import type { Trace } from '@underware/client';
import { UnderwareError } from '@underware/core';
import type { Direction } from '@underware/core';
import { renderTrace } from '../render/trace.js';
import type { Session } from '../session.js';
import { paintFor, printJson } from '../terminal.js';
import { findInstance } from './services.js';

export interface TraceOptions {
  /** `SERVICE/PORT`, or a port of `service`. */
  port: string;
  service?: string;
  direction: Direction;
  destinationMac?: string;
}

/** What the chain of a port does with a packet, hop by hop; nothing is sent. */
export async function trace(session: Session, words: string[], options: TraceOptions): Promise<void> {
  const { client, terminal } = session;
  const { service, port } = await portOf(session, options);
  const { direction, destinationMac } = options;
  const traced: Trace = await client().trace(service, {
    port,
    direction,
    packet: words.join(' '),
    ...(destinationMac === undefined ? {} : { destinationMac }),
  });
  if (terminal.json) printJson(terminal, traced);
  else terminal.out(renderTrace(traced, paintFor(terminal)));
}

/** The id of the service and the name of its port. */
async function portOf(
  session: Session,
  { port, service }: TraceOptions,
): Promise<{ service: string; port: string }> {
  if (service !== undefined) return { service: (await findInstance(session, service)).id, port };
  const slash = port.indexOf('/');
  if (slash > 0)
    return { service: (await findInstance(session, port.slice(0, slash))).id, port: port.slice(slash + 1) };
  const deployed = (await session.client().instances()).filter(({ nsState }) => nsState === 'INSTANTIATED');
  const [only, second] = deployed;
  if (only !== undefined && second === undefined) return { service: only.id, port };
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'trace a packet',
    on: `port ${port}`,
    why: `${deployed.length} services are deployed, and it does not say of which`,
    remedy: 'Give --port SERVICE/PORT',
  });
}
