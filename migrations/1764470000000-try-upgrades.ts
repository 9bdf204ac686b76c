import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Another version of a plugin is tried on a few hosts before it comes to the others. */
export class TryUpgrades1764470000000 implements MigrationInterface {
  name = 'TryUpgrades1764470000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Operations of one upgrade have the same id: they go on together.
      ALTER TABLE operation ADD COLUMN upgrade_id uuid;
      ALTER TABLE operation ADD COLUMN canary jsonb;
      CREATE INDEX operation_by_upgrade ON operation (upgrade_id) WHERE upgrade_id IS NOT NULL;

      ALTER TABLE operation DROP CONSTRAINT operation_phase_check;
      ALTER TABLE operation ADD CONSTRAINT operation_phase_check
        CHECK (phase IN ('planning', 'measuring', 'canary', 'watching', 'conditioning', 'starting', 'stopping',
                         'unconditioning', 'done'));
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
