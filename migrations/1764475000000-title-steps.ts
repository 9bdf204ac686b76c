import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What a step does in the names of the descriptor, and why it was needed; agents of before say neither. */
export class TitleSteps1764475000000 implements MigrationInterface {
  name = 'TitleSteps1764475000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE step_event ADD COLUMN title text, ADD COLUMN reason text;
      -- What hosts mended by themselves, told as it happens.
      CREATE INDEX step_event_of_no_operation ON step_event (service, id) WHERE operation_id IS NULL;
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
