import type { AgentMessage, HostState } from '@underware/core';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { HostDesiredRow, HostRow, HostTelemetryRow } from './entities/host.entity.js';
import type { Heartbeat } from './entities/host.entity.js';
import { insertRow } from './rows.js';

export interface NewHost {
  id: string;
  name: string;
  labels: Record<string, string>;
  tokenHash: string;
  messageKey: Uint8Array;
  createdAt: Date;
}

type Registration = Extract<AgentMessage, { type: 'registered' }>;
type Applied = Extract<AgentMessage, { type: 'applied' }>;

/** How many boots are remembered as over; a message waits in the queue for a few of them at most. */
const FORMER_BOOTS = 32;

const OF_A_BOOT = ['registered_sequence', 'heartbeat_sequence', 'heartbeat_generation'] as const;

/** Sets the boot `$2` with these columns; after another one, which is then over, nothing that it said counts any more. */
function heardOf(columns: Partial<Record<(typeof OF_A_BOOT)[number], string>> = {}): string {
  return `boot = $2::text,
    former_boots = CASE WHEN boot <> $2 THEN (array_prepend(boot, former_boots))[1:${FORMER_BOOTS}] ELSE former_boots END,
    ${OF_A_BOOT.map((each) => `${each} = ${columns[each] ?? `CASE WHEN boot = $2 THEN ${each} END`}`).join(', ')}`;
}

/** Whether sequence `$3` of boot `$2` follows what a column holds; a boot that is neither known nor over follows all. */
function isNewer(column: string): string {
  return `NOT $2 = ANY (former_boots) AND (boot IS DISTINCT FROM $2 OR ${column} IS NULL OR ${column} < $3)`;
}

export class Hosts {
  constructor(private readonly manager: EntityManager) {}

  /** With what each must be and what each reported. */
  async list(): Promise<HostRow[]> {
    return this.manager.find(HostRow, { order: { name: 'ASC' }, relations: { desired: true, report: true } });
  }

  async ids(): Promise<string[]> {
    const rows = await this.manager.find(HostRow, { select: { id: true } });
    return rows.map(({ id }) => id);
  }

  async find(id: string): Promise<HostRow | null> {
    return this.manager.findOne(HostRow, { where: { id }, relations: { desired: true, report: true } });
  }

  async findMany(ids: string[]): Promise<HostRow[]> {
    return this.manager.find(HostRow, { where: { id: In(ids) }, relations: { report: true } });
  }

  async findByTokenHash(tokenHash: string): Promise<HostRow | null> {
    return this.manager.findOneBy(HostRow, { tokenHash });
  }

  async nameTaken(name: string): Promise<boolean> {
    return this.manager.existsBy(HostRow, { name });
  }

  async messageKey(id: string): Promise<Uint8Array | null> {
    const row = await this.manager.findOne(HostRow, {
      select: { id: true, messageKey: true },
      where: { id },
    });
    return row ? new Uint8Array(row.messageKey) : null;
  }

  async create(host: NewHost): Promise<void> {
    await insertRow(this.manager, HostRow, { ...host, messageKey: Buffer.from(host.messageKey) });
    await insertRow(this.manager, HostDesiredRow, {
      hostId: host.id,
      generation: 0,
      state: { host: host.id, generation: 0, slices: [] },
      changedAt: host.createdAt,
    });
  }

  async delete(id: string): Promise<void> {
    await this.manager.delete(HostTelemetryRow, { hostId: id });
    await this.manager.delete(HostRow, { id });
  }

  /**
   * An agent says who it is: at its start, and again from time to time. Tells whether it is the first time of this boot, whose
   * agent knows nothing of what the one before was told; undefined when it is late.
   */
  async register(message: Registration, receivedAt: Date): Promise<'first' | 'again' | undefined> {
    const { host, boot, sequence, facts } = message;
    const rows: { first: boolean }[] = await this.manager.query(
      `WITH before AS (
         SELECT id AS host_id, boot IS DISTINCT FROM $2 OR registered_sequence IS NULL AS first
           FROM host WHERE id = $1 FOR NO KEY UPDATE),
       heard AS (
         UPDATE host SET ${heardOf({ registered_sequence: '$3' })}, facts = $4, registered_at = $5
           FROM before WHERE id = before.host_id AND ${isNewer('registered_sequence')} RETURNING before.first)
       SELECT first FROM heard`,
      [host, boot, sequence, JSON.stringify(facts), receivedAt],
    );
    return rows[0] && (rows[0].first ? 'first' : 'again');
  }

  /** False when it is late. One of an unknown boot counts too: its registration may have been lost. */
  async heartbeat(message: Heartbeat, receivedAt: Date): Promise<boolean> {
    const { host, boot, sequence, generation } = message;
    const rows: unknown[] = await this.manager.query(
      `WITH heard AS (
         UPDATE host SET ${heardOf({ heartbeat_sequence: '$3', heartbeat_generation: '$5' })}, last_heartbeat_at = $4
          WHERE id = $1 AND ${isNewer('heartbeat_sequence')} RETURNING id)
       INSERT INTO host_telemetry (host_id, at, body) SELECT id, $6::timestamptz, $7::jsonb FROM heard
       ON CONFLICT (host_id) DO UPDATE SET at = excluded.at, body = excluded.body
       RETURNING host_id`,
      [host, boot, sequence, receivedAt, generation, message.at, JSON.stringify(message)],
    );
    return rows.length === 1;
  }

  async telemetry(ids?: string[]): Promise<HostTelemetryRow[]> {
    return this.manager.find(HostTelemetryRow, ids ? { where: { hostId: In(ids) } } : {});
  }

  /** Keeps the newest report; false when it is late. */
  async report(message: Applied): Promise<boolean> {
    const { host, boot, sequence, generation, slices, at } = message;
    const rows: unknown[] = await this.manager.query(
      `WITH heard AS (
         UPDATE host SET ${heardOf()} WHERE id = $1 AND NOT $2 = ANY (former_boots) RETURNING id)
       INSERT INTO host_report (host_id, boot, sequence, generation, slices, at)
       SELECT id, $2, $3::bigint, $4::integer, $5::jsonb, $6::timestamptz FROM heard
       ON CONFLICT (host_id) DO UPDATE SET boot = excluded.boot, sequence = excluded.sequence,
         generation = excluded.generation, slices = excluded.slices, at = excluded.at
       WHERE host_report.boot <> excluded.boot OR host_report.sequence < excluded.sequence
       RETURNING host_id`,
      [host, boot, sequence, generation, JSON.stringify(slices), at],
    );
    return rows.length === 1;
  }

  /** Locked in the order of their ids, so that two operations on the same hosts never wait for each other. */
  async lockDesired(ids: string[]): Promise<HostDesiredRow[]> {
    return this.manager.find(HostDesiredRow, {
      where: { hostId: In(ids) },
      order: { hostId: 'ASC' },
      lock: { mode: 'for_no_key_update' },
    });
  }

  async setDesired(state: HostState, at: Date): Promise<void> {
    await this.manager
      .createQueryBuilder()
      .update(HostDesiredRow)
      .set({ generation: state.generation, state: () => ':state', changedAt: at, dispatchedAt: null })
      .where({ hostId: state.host })
      .setParameter('state', JSON.stringify(state))
      .execute();
  }

  async desired(ids: string[]): Promise<HostDesiredRow[]> {
    return this.manager.find(HostDesiredRow, { where: { hostId: In(ids) }, order: { hostId: 'ASC' } });
  }

  async allDesired(): Promise<HostDesiredRow[]> {
    return this.manager.find(HostDesiredRow, { order: { hostId: 'ASC' } });
  }

  async markDispatched(id: string, at: Date): Promise<void> {
    await this.manager.update(HostDesiredRow, { hostId: id }, { dispatchedAt: at });
  }

  /** Hosts that are not known to be what they must be, and were not told since `before`. */
  async behind(before: Date): Promise<string[]> {
    const rows: { host_id: string }[] = await this.manager.query(
      `SELECT desired.host_id FROM host_desired desired
         JOIN host ON host.id = desired.host_id
         LEFT JOIN host_report report ON report.host_id = desired.host_id
       WHERE desired.generation > 0
         AND (desired.dispatched_at IS NULL OR desired.dispatched_at < $1)
         AND (report.generation IS NULL OR report.generation < desired.generation
              OR host.heartbeat_generation < desired.generation)
       ORDER BY desired.host_id`,
      [before],
    );
    return rows.map(({ host_id }) => host_id);
  }
}
