import type { EntityManager } from 'typeorm';
import { LessThan } from 'typeorm';
import { ApiTokenRow, AuditRow } from './entities/audit.entity.js';

export class AuditTrail {
  constructor(private readonly manager: EntityManager) {}

  async add(entry: Omit<AuditRow, 'id'>): Promise<void> {
    await this.manager.insert(AuditRow, entry as object);
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
