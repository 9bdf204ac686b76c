import type { ConnectionFilter, LiveConnection } from '@underware/client';
import { formatBytes } from '../render/service-tree.js';
import { printTable } from '../render/table.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';
import type { Page } from './maps.js';
import { findInstance } from './services.js';

export type ConnectionsOptions = ConnectionFilter & Page & { flush: boolean; all: boolean };

/** What the firewalls of a service let through just now; or makes them forget it. */
export async function connections(
  session: Session,
  given: string,
  { flush, all, offset, limit, underservice, address, port, protocol }: ConnectionsOptions,
): Promise<void> {
  const filter: ConnectionFilter = {
    ...(underservice === undefined ? {} : { underservice }),
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
    ...(protocol === undefined ? {} : { protocol }),
  };
  const { client, terminal } = session;
  const { id } = await findInstance(session, given);
  if (flush) {
    const { flushed } = await client().flushConnections(id, { ...filter, ...(all ? { all } : {}) });
    if (terminal.json) printJson(terminal, { flushed });
    else terminal.out(`${flushed} connections are forgotten\n`);
    return;
  }
  const page = await client().connections(id, { ...filter, offset, limit });
  if (terminal.json) return printJson(terminal, page);
  printTable(
    terminal,
    ['FROM', 'TO', 'PROTOCOL', 'STATE', 'RULE', 'IDLE', 'AGE', 'ASKED', 'ANSWERED', 'FIREWALL'],
    page.connections.map((each) => [
      endOf(each.from),
      endOf(each.to),
      each.protocol,
      each.state,
      each.rule,
      seconds(each.idleSeconds),
      seconds(each.ageSeconds),
      formatBytes(each.asked.bytes),
      formatBytes(each.answered.bytes),
      each.underservice,
    ]),
    'No connections.',
  );
  if (page.more) terminal.err(`There are more: --offset ${offset + limit}\n`);
}

function endOf({ address, port, name }: LiveConnection['from']): string {
  return `${name ?? (address.includes(':') ? `[${address}]` : address)}:${port}`;
}

function seconds(value: number): string {
  return `${value < 10 ? value.toFixed(1) : Math.round(value)} s`;
}
