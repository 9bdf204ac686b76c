import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Agents' words are ordered by boot and sequence; what ages is found by time; an audit entry is begun, then ended once. */
export class OrderBySequence1764100000000 implements MigrationInterface {
  name = 'OrderBySequence1764100000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE host DROP COLUMN heartbeat_sent_at;
      -- Boots that another one followed: what still comes of them is late.
      ALTER TABLE host ADD COLUMN former_boots text[] NOT NULL DEFAULT '{}';
      ALTER TABLE host ADD COLUMN registered_sequence bigint;
      ALTER TABLE host ADD COLUMN heartbeat_sequence bigint;
      ALTER TABLE host_report ADD COLUMN sequence bigint NOT NULL DEFAULT 0;

      -- By our clock: the time of an agent's step says nothing about its age here.
      ALTER TABLE step_event ADD COLUMN received_at timestamptz NOT NULL DEFAULT now();
      CREATE INDEX step_event_by_age ON step_event (received_at);
      CREATE INDEX audit_by_age ON audit (at);
      CREATE INDEX plan_by_age ON plan (created_at);

      DROP TRIGGER audit_is_immutable ON audit;
      CREATE TRIGGER audit_is_immutable BEFORE UPDATE ON audit
        FOR EACH ROW WHEN (OLD.outcome <> 'begun') EXECUTE FUNCTION refuse_change();
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
