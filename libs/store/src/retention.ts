import type { EntityManager } from 'typeorm';

const DAY_MS = 86_400_000;

/** How long what nothing refers to any more is kept; `docs/operate.md` says so. */
export const KEPT = {
  auditDays: 90,
  stepDays: 30,
  planDays: 30,
  /** Who used which plugin instance: what residency is decided by. */
  useDays: 90,
  /** Of one operation, or of one host outside of any; the newest. */
  steps: 5_000,
} as const;

/** So many rows at once, so that nobody waits behind a large deletion. */
const BATCH = 5_000;

/** Deletes what is old. Harmless at any time and in several processes. */
export class Retention {
  constructor(private readonly manager: EntityManager) {}

  /** Gives back how many rows went. */
  async forget(now: Date): Promise<number> {
    const before = (days: number): Date => new Date(now.getTime() - days * DAY_MS);
    let gone = 0;
    gone += await this.drain('audit', 'SELECT id FROM audit WHERE at < $1', [before(KEPT.auditDays)]);
    gone += await this.drain(
      'step_event',
      `SELECT step.id FROM step_event step LEFT JOIN operation ON operation.id = step.operation_id
        WHERE step.received_at < $1
          AND (operation.id IS NULL OR operation.state IN ('COMPLETED', 'FAILED', 'ROLLED_BACK'))`,
      [before(KEPT.stepDays)],
    );
    gone += await this.drain(
      'step_event',
      `SELECT id FROM (
         SELECT id, row_number() OVER (
           PARTITION BY operation_id, CASE WHEN operation_id IS NULL THEN host_id END ORDER BY id DESC) AS age
           FROM step_event) ranked
        WHERE age > $1`,
      [KEPT.steps],
    );
    gone += await this.drain('instance_use', 'SELECT id FROM instance_use WHERE ended_at < $1', [
      before(KEPT.useDays),
    ]);
    // The newest plan of a service instance shows what it was, also after its end.
    gone += await this.drain(
      'plan',
      `SELECT old.id FROM plan old
        WHERE old.created_at < $1
          AND NOT EXISTS (SELECT FROM ns_instance WHERE plan_id = old.id)
          AND NOT EXISTS (SELECT FROM ns_change WHERE plan_id = old.id)
          AND EXISTS (SELECT FROM plan newer
                       WHERE newer.ns_instance_id = old.ns_instance_id AND newer.created_at > old.created_at)`,
      [before(KEPT.planDays)],
    );
    return gone;
  }

  private async drain(
    table: 'audit' | 'step_event' | 'plan' | 'instance_use',
    ids: string,
    values: unknown[],
  ): Promise<number> {
    for (let gone = 0; ;) {
      const [, count]: [unknown, number] = await this.manager.query(
        `DELETE FROM ${table} WHERE id IN (${ids} LIMIT ${BATCH})`,
        values,
      );
      gone += count;
      if (count < BATCH) return gone;
    }
  }
}
