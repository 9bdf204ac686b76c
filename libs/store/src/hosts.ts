import type { HostFacts, HostState, SliceReport } from '@underware/core';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { HostDesiredRow, HostRow, HostTelemetryRow } from './entities/host.entity.js';
import type { Heartbeat } from './entities/host.entity.js';

export interface NewHost {
  id: string;
  name: string;
  labels: Record<string, string>;
  tokenHash: string;
  messageKey: Uint8Array;
  createdAt: Date;
}

export class Hosts {
  constructor(private readonly manager: EntityManager) {}

  /** With what each must be and what each reported. */
  async list(): Promise<HostRow[]> {
    return this.manager.find(HostRow, { order: { name: 'ASC' }, relations: { desired: true, report: true } });
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
    await this.manager.insert(HostRow, { ...host, messageKey: Buffer.from(host.messageKey) });
    await this.manager.insert(HostDesiredRow, {
      hostId: host.id,
      generation: 0,
      state: { host: host.id, generation: 0, slices: [] },
      changedAt: host.createdAt,
    } as object);
  }

  async delete(id: string): Promise<void> {
    await this.manager.delete(HostTelemetryRow, { hostId: id });
    await this.manager.delete(HostRow, { id });
  }

  /** An agent started: what it reported before does not hold for this boot. Older registrations change nothing. */
  async register(id: string, boot: string, facts: HostFacts, at: Date): Promise<boolean> {
    const result = await this.manager
      .createQueryBuilder()
      .update(HostRow)
      .set({ boot, facts: () => ':facts', registeredAt: at, heartbeatGeneration: null })
      .where('id = :id AND (registered_at IS NULL OR registered_at <= :at)', { id, at })
      .setParameter('facts', JSON.stringify(facts))
      .execute();
    return result.affected === 1;
  }

  /** False when a newer one is known. One of an unknown boot counts too: its registration may have been lost. */
  async heartbeat(message: Heartbeat, receivedAt: Date): Promise<boolean> {
    const at = new Date(message.at);
    const result = await this.manager
      .createQueryBuilder()
      .update(HostRow)
      .set({
        boot: message.boot,
        lastHeartbeatAt: receivedAt,
        heartbeatSentAt: at,
        heartbeatGeneration: message.generation,
      })
      .where(
        'id = :id AND (registered_at IS NULL OR registered_at <= :at) AND (heartbeat_sent_at IS NULL OR heartbeat_sent_at <= :at)',
        { id: message.host, at },
      )
      .execute();
    if (result.affected !== 1) return false;
    await this.manager.upsert(HostTelemetryRow, { hostId: message.host, at, body: message } as object, [
      'hostId',
    ]);
    return true;
  }

  async telemetry(ids?: string[]): Promise<HostTelemetryRow[]> {
    return this.manager.find(HostTelemetryRow, ids ? { where: { hostId: In(ids) } } : {});
  }

  /** Keeps the newest report; false when a newer generation was reported before. */
  async report(report: {
    host: string;
    boot: string;
    generation: number;
    slices: SliceReport[];
    at: Date;
  }): Promise<boolean> {
    const rows: unknown[] = await this.manager.query(
      `INSERT INTO host_report (host_id, generation, boot, slices, at) VALUES ($1, $2, $3, $4, $5)
       ON CONFLICT (host_id) DO UPDATE SET
         generation = excluded.generation, boot = excluded.boot, slices = excluded.slices, at = excluded.at
       WHERE host_report.generation < excluded.generation
          OR (host_report.generation = excluded.generation AND host_report.at <= excluded.at)
       RETURNING host_id`,
      [report.host, report.generation, report.boot, JSON.stringify(report.slices), report.at],
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
