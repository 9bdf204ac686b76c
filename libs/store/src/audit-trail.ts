import type { EntityManager } from 'typeorm';
import { LessThan } from 'typeorm';
import { ApiTokenRow, AuditRow } from './entities/audit.entity.js';

export class AuditTrail {
  constructor(private readonly manager: EntityManager) {}

  /** Gives back the id of the entry. */
  async add(entry: Omit<AuditRow, 'id'>): Promise<string> {
    const { at, actor, action, object, outcome, report } = entry;
    const [row]: { id: string }[] = await this.manager.query(
      `INSERT INTO audit (at, actor, action, object, outcome, report) VALUES ($1, $2, $3, $4, $5, $6) RETURNING id`,
      [at, actor, action, object, outcome, report === null ? null : JSON.stringify(report)],
    );
    return String(row?.id);
  }

  /** How what was begun came out. Entries that have an end are immutable. */
  async end(id: string, end: Pick<AuditRow, 'object' | 'outcome' | 'report'>): Promise<void> {
    const { object, outcome, report } = end;
    await this.manager.query(`UPDATE audit SET object = $2, outcome = $3, report = $4 WHERE id = $1`, [
      id,
      object,
      outcome,
      report === null ? null : JSON.stringify(report),
    ]);
  }

  /** Newest first; `before` is the id of the last one of the page before. */
  async list(limit: number, before?: string): Promise<AuditRow[]> {
    return this.manager.find(AuditRow, {
      ...(before === undefined ? {} : { where: { id: LessThan(before) } }),
      order: { id: 'DESC' },
      take: limit,
    });
  }
}

export class ApiTokens {
  constructor(private readonly manager: EntityManager) {}

  async findByHash(hash: string): Promise<ApiTokenRow | null> {
    return this.manager.findOneBy(ApiTokenRow, { hash });
  }

  /** Gives a name one token; an earlier one of the same name ends. */
  async put(row: ApiTokenRow): Promise<void> {
    await this.manager.query(
      `INSERT INTO api_token (id, name, hash, created_at) VALUES ($1, $2, $3, $4)
       ON CONFLICT (name) DO UPDATE SET hash = excluded.hash, created_at = excluded.created_at`,
      [row.id, row.name, row.hash, row.createdAt],
    );
  }
}
