import type { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * What plugins reported of packets, the newest of each service. Unlogged: after a crash of the database it is empty, which
 * takes nothing from what anything is decided by.
 */
export class KeepPacketEvents1764460000000 implements MigrationInterface {
  name = 'KeepPacketEvents1764460000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE UNLOGGED TABLE packet_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        ns_instance_id uuid NOT NULL REFERENCES ns_instance ON DELETE CASCADE,
        host_id uuid NOT NULL REFERENCES host ON DELETE CASCADE,
        boot text NOT NULL,
        sequence bigint NOT NULL,
        place integer NOT NULL,
        underservice text NOT NULL,
        port text NOT NULL,
        hook text NOT NULL,
        at timestamptz NOT NULL,
        record jsonb NOT NULL,
        lost bigint NOT NULL,
        UNIQUE (host_id, boot, sequence, place)
      );
      CREATE INDEX packet_event_by_service ON packet_event (ns_instance_id, id);
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
