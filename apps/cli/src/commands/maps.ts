import type { MapPage } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { formatBytes } from '../render/service-tree.js';
import { printTable } from '../render/table.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';
import { findInstance } from './services.js';

/** Which plugin instances of a service; what is not given is any. */
export interface Selection {
  underservice?: string;
  port?: string;
  direction?: string;
  /** Key of a plugin instance, or how it begins. */
  instance?: string;
}

export interface Page {
  offset: number;
  limit: number;
}

interface Selected {
  key: string;
  /** `guard on web_port inbound of h2` */
  where: string;
}

export async function listMaps(session: Session, given: string, selection: Selection): Promise<void> {
  const { client, terminal } = session;
  const { id, selected } = await select(session, given, selection);
  const all = await Promise.all(
    selected.map(async ({ key, where }) => ({ instance: key, where, maps: await client().maps(id, key) })),
  );
  if (terminal.json) return printJson(terminal, all);
  printTable(
    terminal,
    ['PLUGIN INSTANCE', 'MAP', 'ROLE', 'SHARED BY', 'TYPE', 'ENTRIES', 'MEMORY', 'WHAT'],
    all.flatMap(({ where, maps }) =>
      maps.map(({ name, role, scope, type, maxEntries, memoryBytes, description }) => [
        where,
        name,
        role,
        scope === 'instance' ? '' : scope,
        type,
        String(maxEntries),
        formatBytes(memoryBytes),
        description,
      ]),
    ),
    'The service has no plugin instance of this description.',
  );
}

/** One entry, or a page of them. */
export async function readMap(
  session: Session,
  given: string,
  map: string,
  key: string | undefined,
  options: Selection & Page,
): Promise<void> {
  const { client, terminal } = session;
  if (key !== undefined) readJson('the key', key);
  const { id, one } = await selectOne(session, given, options);
  const { offset, limit } = options;
  const page: MapPage =
    key === undefined
      ? await client().mapRows(id, one.key, map, { offset, limit })
      : { rows: [await client().mapEntry(id, one.key, map, key)], more: false };
  if (terminal.json) return printJson(terminal, page);
  for (const row of page.rows) terminal.out(`${JSON.stringify(row.key)}  ${JSON.stringify(row.value)}\n`);
  if (page.rows.length === 0) terminal.out(`Map ${map} of ${one.where} is empty.\n`);
  if (page.more) terminal.err(`There are more: --offset ${offset + page.rows.length}\n`);
}

/** Without a value, the entry is deleted. */
export async function editMap(
  session: Session,
  given: string,
  map: string,
  key: string,
  value: string | undefined,
  selection: Selection,
): Promise<void> {
  const { client, terminal } = session;
  const entry = readJson('the key', key);
  const parsed = value === undefined ? undefined : readJson('the value', value);
  const { id, one } = await selectOne(session, given, selection);
  if (value === undefined) await client().deleteMapEntry(id, one.key, map, key);
  else await client().setMapEntry(id, one.key, map, key, parsed);
  if (terminal.json) printJson(terminal, { instance: one.key, map, key: entry, value: parsed ?? null });
  else terminal.out(`${key} of ${map} of ${one.where} is ${value === undefined ? 'deleted' : 'set'}\n`);
}

async function selectOne(
  session: Session,
  given: string,
  selection: Selection,
): Promise<{ id: string; one: Selected }> {
  const { id, selected } = await select(session, given, selection);
  const [one, second] = selected;
  if (one !== undefined && second === undefined) return { id, one };
  throw new UnderwareError({
    code: selected.length === 0 ? 'NOT_FOUND' : 'INPUT_INVALID',
    attempted: 'find the plugin instance',
    on: given,
    why:
      selected.length === 0
        ? 'the service has none of this description'
        : `it has several: ${selected.map(({ key, where }) => `${key} (${where})`).join(', ')}`,
    remedy: 'Say which one by --underservice, --port and --direction, or by --instance and its key',
  });
}

async function select(
  session: Session,
  given: string,
  { underservice, port, direction, instance = '' }: Selection,
): Promise<{ id: string; selected: Selected[] }> {
  const { id } = await findInstance(session, given);
  const { chains } = await session.client().service(id);
  const selected = chains
    .filter((chain) => (port ?? chain.port) === chain.port)
    .filter((chain) => (direction ?? chain.direction) === chain.direction)
    .flatMap((chain) =>
      chain.hops
        .filter((hop) => (underservice ?? hop.underservice) === hop.underservice)
        .filter(({ key }) => key.startsWith(instance))
        .map((hop) => ({
          key: hop.key,
          where: `${hop.underservice} on ${chain.port} ${chain.direction}${chain.hook === 'xdp/egress' ? ' (delivered)' : ''} of ${chain.hostName}`,
        })),
    );
  return { id, selected };
}

function readJson(what: string, text: string): unknown {
  try {
    const value: unknown = JSON.parse(text);
    return value;
  } catch (cause) {
    throw new UnderwareError(
      {
        code: 'INPUT_INVALID',
        attempted: `read ${what}`,
        on: text,
        why: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Write it as JSON, as it is read: 7, or {"field":7}',
      },
      { cause },
    );
  }
}
