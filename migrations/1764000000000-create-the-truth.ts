import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Descriptors, plugins, hosts, service instances, plans, operations and what happened to them. */
export class CreateTheTruth1764000000000 implements MigrationInterface {
  name = 'CreateTheTruth1764000000000';

  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE ns_descriptor (
        id uuid PRIMARY KEY,
        nsd_name text,
        nsd_version text,
        onboarding_state text NOT NULL CHECK (onboarding_state IN ('CREATED', 'ONBOARDED')),
        operational_state text NOT NULL CHECK (operational_state IN ('ENABLED', 'DISABLED')),
        user_defined_data jsonb NOT NULL,
        file text,
        content text,
        created_at timestamptz NOT NULL
      );

      CREATE TABLE plugin_package (
        digest text PRIMARY KEY CHECK (digest ~ '^sha256:[0-9a-f]{64}$'),
        name text NOT NULL,
        version text NOT NULL,
        manifest jsonb NOT NULL,
        requirements jsonb NOT NULL,
        key_id text NOT NULL,
        bytes bytea NOT NULL,
        size integer NOT NULL,
        created_at timestamptz NOT NULL,
        UNIQUE (name, version)
      );

      CREATE TABLE host (
        id uuid PRIMARY KEY,
        name text NOT NULL UNIQUE,
        labels jsonb NOT NULL,
        token_hash text NOT NULL UNIQUE,
        message_key bytea NOT NULL,
        facts jsonb,
        boot text,
        registered_at timestamptz,
        -- By our clock when it came, and by the agent's when it was sent: clocks differ, order does not.
        last_heartbeat_at timestamptz,
        heartbeat_sent_at timestamptz,
        heartbeat_generation integer,
        created_at timestamptz NOT NULL
      );

      CREATE TABLE host_desired (
        host_id uuid PRIMARY KEY REFERENCES host ON DELETE CASCADE,
        generation integer NOT NULL,
        state jsonb NOT NULL,
        changed_at timestamptz NOT NULL,
        dispatched_at timestamptz
      );

      CREATE TABLE host_report (
        host_id uuid PRIMARY KEY REFERENCES host ON DELETE CASCADE,
        generation integer NOT NULL,
        boot text NOT NULL,
        slices jsonb NOT NULL,
        at timestamptz NOT NULL
      );

      -- The latest heartbeat only: it may be lost, the next one comes within seconds.
      CREATE UNLOGGED TABLE host_telemetry (
        host_id uuid PRIMARY KEY,
        at timestamptz NOT NULL,
        body jsonb NOT NULL
      );

      CREATE TABLE ns_instance (
        id uuid PRIMARY KEY,
        name text NOT NULL,
        description text NOT NULL,
        nsd_id uuid NOT NULL REFERENCES ns_descriptor,
        ns_state text NOT NULL CHECK (ns_state IN ('NOT_INSTANTIATED', 'INSTANTIATED')),
        inputs jsonb NOT NULL,
        graph jsonb,
        plan_id uuid,
        stage text CHECK (stage IN ('conditioned', 'running')),
        created_at timestamptz NOT NULL
      );
      CREATE INDEX ns_instance_by_descriptor ON ns_instance (nsd_id);
      CREATE INDEX ns_instance_live ON ns_instance (id) WHERE stage IS NOT NULL;

      CREATE TABLE plan (
        id uuid PRIMARY KEY,
        ns_instance_id uuid NOT NULL REFERENCES ns_instance ON DELETE CASCADE,
        body jsonb NOT NULL,
        created_at timestamptz NOT NULL
      );
      CREATE INDEX plan_by_instance ON plan (ns_instance_id, created_at);
      ALTER TABLE ns_instance ADD FOREIGN KEY (plan_id) REFERENCES plan DEFERRABLE INITIALLY DEFERRED;

      CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
        $$ BEGIN RAISE EXCEPTION 'rows of % are immutable', TG_TABLE_NAME; END $$;
      CREATE TRIGGER plan_is_immutable BEFORE UPDATE ON plan
        FOR EACH ROW EXECUTE FUNCTION refuse_change();

      CREATE TABLE operation (
        id uuid PRIMARY KEY,
        ns_instance_id uuid NOT NULL REFERENCES ns_instance ON DELETE CASCADE,
        type text NOT NULL CHECK (type IN ('INSTANTIATE', 'TERMINATE')),
        state text NOT NULL CHECK
          (state IN ('PROCESSING', 'COMPLETED', 'FAILED_TEMP', 'FAILED', 'ROLLING_BACK', 'ROLLED_BACK')),
        phase text NOT NULL CHECK
          (phase IN ('planning', 'conditioning', 'starting', 'stopping', 'unconditioning', 'done')),
        rolling_back boolean NOT NULL,
        barrier jsonb,
        params jsonb NOT NULL,
        error jsonb,
        requested_by text NOT NULL,
        state_entered_at timestamptz NOT NULL,
        started_at timestamptz NOT NULL
      );
      CREATE INDEX operation_by_instance ON operation (ns_instance_id, started_at);
      -- One operation at a time on a service instance; also those that wait for a person's decision.
      CREATE UNIQUE INDEX operation_one_at_a_time ON operation (ns_instance_id)
        WHERE state IN ('PROCESSING', 'ROLLING_BACK', 'FAILED_TEMP');

      CREATE TABLE step_event (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        host_id uuid NOT NULL REFERENCES host ON DELETE CASCADE,
        operation_id uuid REFERENCES operation ON DELETE CASCADE,
        service text NOT NULL,
        generation integer NOT NULL,
        name text NOT NULL,
        status text NOT NULL,
        at timestamptz NOT NULL,
        error jsonb,
        UNIQUE (host_id, service, generation, name, status, at)
      );
      CREATE INDEX step_event_by_operation ON step_event (operation_id, id);

      CREATE TABLE audit (
        id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
        at timestamptz NOT NULL,
        actor text NOT NULL,
        action text NOT NULL,
        object text NOT NULL,
        outcome text NOT NULL,
        report jsonb
      );
      CREATE TRIGGER audit_is_immutable BEFORE UPDATE ON audit
        FOR EACH ROW EXECUTE FUNCTION refuse_change();

      CREATE TABLE api_token (
        id uuid PRIMARY KEY,
        name text NOT NULL UNIQUE,
        hash text NOT NULL UNIQUE,
        created_at timestamptz NOT NULL
      );
    `);
  }

  async down(): Promise<void> {
    throw new Error('The schema only goes forward: restore a backup instead.');
  }
}
