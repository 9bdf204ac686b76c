import type { Flow } from '@underware/client';
import { flowText } from '../render/event-line.js';
import { formatBytes } from '../render/service-tree.js';
import { printTable } from '../render/table.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';
import { findInstance } from './services.js';

/** The flows with the most bytes, as the probes of a service know them now. */
export async function flows(
  session: Session,
  given: string,
  { top, port }: { top: number; port?: string },
): Promise<void> {
  const { client, terminal } = session;
  const { id } = await findInstance(session, given);
  const seen = await client().flows(id, top, port);
  // What is not known of some hosts is no reason to hide what is known of the others.
  if (seen.silent.length > 0) session.exitCode = 1;
  if (terminal.json) return printJson(terminal, seen);
  printTable(
    terminal,
    ['BYTES', 'PACKETS', 'FLOW', 'SEEN AT', 'LAST', 'ROUND TRIP', 'FLAGS'],
    seen.flows.map(rowOf),
    'No flows were seen.',
  );
  if (seen.known > seen.flows.length) terminal.err(`${seen.flows.length} of ${seen.known} flows\n`);
  for (const { hostName, why } of seen.silent) terminal.err(`${hostName} did not answer: ${why}\n`);
}

function rowOf(seen: Flow): string[] {
  const { flow, packets, bytes, lastAt, tcpFlags, destinationRttUs, sourceRttUs } = seen;
  return [
    formatBytes(bytes),
    String(packets),
    flowText(flow),
    `${seen.hostName} ${seen.port} ${seen.direction}`,
    lastAt.slice(11, 19),
    destinationRttUs === undefined ? '' : `${formatTime(sourceRttUs ?? 0)} + ${formatTime(destinationRttUs)}`,
    tcpFlags.join(','),
  ];
}

/** Of the side of who asked, then of who was asked. */
function formatTime(microseconds: number): string {
  return microseconds < 1000 ? `${microseconds} µs` : `${(microseconds / 1000).toFixed(1)} ms`;
}
