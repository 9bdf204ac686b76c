import type { MigrationInterface, QueryRunner } from 'typeorm';

/** What stays loaded without a user, who used which plugin instance when, and which addresses are given out. */
export class HoldInstances1764200000000 implements MigrationInterface {
  name = 'HoldInstances1764200000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Where a host has no row, everything is as descriptors ask, within no budget.
      CREATE TABLE host_residency (
        host_id uuid PRIMARY KEY REFERENCES host ON DELETE CASCADE,
        policy text NOT NULL CHECK (policy IN ('as-asked', 'dynamic', 'persistent')),
        budget_bytes bigint CHECK (budget_bytes >= 0)
      );

      CREATE TABLE held_instance (
        host_id uuid NOT NULL REFERENCES host ON DELETE CASCADE,
        key text NOT NULL,
        -- Whose demand it is held for: without its descriptor there is none.
        nsd_id uuid REFERENCES ns_descriptor ON DELETE SET NULL,
        instance jsonb NOT NULL,
        memory_bytes bigint NOT NULL,
        since timestamptz NOT NULL,
        -- Null: for as long as its descriptor and its plugin are there.
        until timestamptz,
        reason text NOT NULL,
        PRIMARY KEY (host_id, key)
      );
      CREATE INDEX held_instance_by_end ON held_instance (until);

      CREATE TABLE instance_use (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        host_id uuid NOT NULL REFERENCES host ON DELETE CASCADE,
        key text NOT NULL,
        revision text NOT NULL,
        plugin text NOT NULL,
        digest text NOT NULL,
        ns_instance_id uuid NOT NULL,
        nsd_id uuid,
        taken_over boolean NOT NULL,
        -- It was held without an end when it was taken over, and is given back as that.
        persistent boolean NOT NULL,
        began_at timestamptz NOT NULL,
        ended_at timestamptz
      );
      -- One user at a time, whatever plans say.
      CREATE UNIQUE INDEX instance_use_once ON instance_use (host_id, key) WHERE ended_at IS NULL;
      CREATE INDEX instance_use_by_host ON instance_use (host_id, began_at);
      CREATE INDEX instance_use_by_service ON instance_use (ns_instance_id) WHERE ended_at IS NULL;
      CREATE INDEX instance_use_by_age ON instance_use (ended_at);

      -- Addresses, MAC addresses, devices and VNIs of service instances: each is given out once.
      CREATE TABLE assignment (
        kind text NOT NULL CHECK (kind IN ('address', 'mac', 'device', 'vni')),
        value text NOT NULL,
        ns_instance_id uuid NOT NULL REFERENCES ns_instance ON DELETE CASCADE,
        owner text NOT NULL,
        PRIMARY KEY (kind, value)
      );
      CREATE INDEX assignment_by_service ON assignment (ns_instance_id);

      -- What is live from before there was this table.
      INSERT INTO assignment (kind, value, ns_instance_id, owner)
      SELECT DISTINCT ON (found.kind, found.value) found.kind, found.value, service.id, found.owner
        FROM ns_instance service
        JOIN plan ON plan.id = service.plan_id
        CROSS JOIN LATERAL jsonb_each(plan.body -> 'slices') AS slice(host, body)
        CROSS JOIN LATERAL jsonb_array_elements(slice.body -> 'ports') AS port
        CROSS JOIN LATERAL (
          SELECT 'device' AS kind, port ->> 'device' AS value, port ->> 'key' AS owner
          UNION ALL SELECT 'mac', port ->> 'mac', port ->> 'key'
          UNION ALL SELECT 'mac', port -> 'peer' ->> 'mac', port ->> 'key'
          UNION ALL SELECT 'address', split_part(address, '/', 1), port ->> 'key'
            FROM jsonb_array_elements_text(port -> 'peer' -> 'addresses') AS address
        ) AS found
       WHERE service.stage IS NOT NULL AND port ->> 'kind' = 'veth' AND found.value IS NOT NULL
      ON CONFLICT DO NOTHING;
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
