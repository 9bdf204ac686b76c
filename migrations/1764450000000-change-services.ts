import type { MigrationInterface, QueryRunner } from 'typeorm';

/** A service that runs becomes what another plan says: the plan that it moves to, and which of its hosts are asked for it. */
export class ChangeServices1764450000000 implements MigrationInterface {
  name = 'ChangeServices1764450000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      ALTER TABLE operation DROP CONSTRAINT operation_type_check;
      ALTER TABLE operation ADD CONSTRAINT operation_type_check
        CHECK (type IN ('INSTANTIATE', 'UPDATE', 'TERMINATE'));

      -- While there is a row, the plan in force is what the service is brought back to.
      CREATE TABLE ns_change (
        ns_instance_id uuid PRIMARY KEY REFERENCES ns_instance ON DELETE CASCADE,
        plan_id uuid NOT NULL REFERENCES plan DEFERRABLE INITIALLY DEFERRED,
        nsd_id uuid NOT NULL REFERENCES ns_descriptor,
        graph jsonb NOT NULL,
        inputs jsonb NOT NULL,
        -- Ids of the hosts that are asked for the new plan; the others are asked for the one in force.
        hosts jsonb NOT NULL,
        -- Which VNFs run meanwhile: those that are the same in both plans, or all of the plan that the host is asked for.
        vnfs text NOT NULL CHECK (vnfs IN ('same', 'all'))
      );
      CREATE INDEX ns_change_by_descriptor ON ns_change (nsd_id);
      CREATE INDEX ns_change_by_plan ON ns_change (plan_id);
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
