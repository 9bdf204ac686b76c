import type { OperationState, StepEvent } from '@underware/core';
import { In } from 'typeorm';
import type { EntityManager } from 'typeorm';
import { OperationRow } from './entities/operation.entity.js';
import type { StepEventRow } from './entities/operation.entity.js';
import { insertRow, updateRow } from './rows.js';

/** States in which the worker has something to do. */
const RUNNING: OperationState[] = ['PROCESSING', 'ROLLING_BACK'];
const OPEN: OperationState[] = [...RUNNING, 'FAILED_TEMP'];

/** Most are no upgrade. */
export type NewOperation = Omit<OperationRow, 'upgradeId' | 'canary'> &
  Partial<Pick<OperationRow, 'upgradeId' | 'canary'>>;

const STEPS = `SELECT step.id, step.host_id AS "hostId", step.operation_id AS "operationId", step.service, step.generation,
              step.name, step.title, step.reason, step.status, step.at, step.error, host.name AS "hostName"
         FROM step_event step JOIN host ON host.id = step.host_id`;

export class Operations {
  constructor(private readonly manager: EntityManager) {}

  async list(nsInstanceId?: string): Promise<OperationRow[]> {
    return this.manager.find(OperationRow, {
      ...(nsInstanceId === undefined ? {} : { where: { nsInstanceId } }),
      order: { startedAt: 'ASC' },
    });
  }

  async find(id: string): Promise<OperationRow | null> {
    return this.manager.findOneBy(OperationRow, { id });
  }

  async lock(id: string): Promise<OperationRow | null> {
    return this.manager.findOne(OperationRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  async create(row: NewOperation): Promise<void> {
    await insertRow(this.manager, OperationRow, row);
  }

  /** All operations that were asked for with this one, itself included. */
  async ofUpgrade(upgradeId: string): Promise<OperationRow[]> {
    return this.manager.find(OperationRow, { where: { upgradeId }, order: { id: 'ASC' } });
  }

  async update(id: string, change: Partial<Omit<OperationRow, 'id'>>): Promise<void> {
    await updateRow(this.manager, OperationRow, id, change);
  }

  async running(): Promise<string[]> {
    const rows = await this.manager.find(OperationRow, {
      select: { id: true },
      where: { state: In(RUNNING) },
    });
    return rows.map(({ id }) => id);
  }

  /** The operation that a service instance is in, if any; also one that waits for a person. */
  async openOf(nsInstanceId: string): Promise<OperationRow | null> {
    return this.manager.findOneBy(OperationRow, { nsInstanceId, state: In(OPEN) });
  }

  /** Running operations that wait for this host. */
  async waitingFor(host: string): Promise<string[]> {
    const rows: { id: string }[] = await this.manager.query(
      `SELECT id FROM operation WHERE state IN ('PROCESSING', 'ROLLING_BACK') AND barrier -> 'generations' ? $1`,
      [host],
    );
    return rows.map(({ id }) => id);
  }

  /**
   * Keeps what a host did, each event once, under the operation that asked for it: the newest of the service instance, unless
   * it ended a minute ago or earlier, or no plan ever put the service on this host. What a host mends after that is of no
   * operation.
   * Gives back, by service and operation, after which step the new ones come; without operation where the host mended what is planned on it.
   */
  async recordSteps(
    host: string,
    events: StepEvent[],
  ): Promise<{ operation?: string; service: string; after: string }[]> {
    if (events.length === 0) return [];
    const kept: { operation: string | null; service: string; after: string }[] = await this.manager.query(
      `WITH kept AS (
         INSERT INTO step_event (host_id, operation_id, service, generation, name, title, reason, status, at, error)
         SELECT $1::uuid,
                (SELECT CASE WHEN newest.state IN ('PROCESSING', 'ROLLING_BACK', 'FAILED_TEMP')
                               OR newest.state_entered_at > now() - interval '1 minute' THEN newest.id END
                   FROM operation newest
                  WHERE newest.ns_instance_id =
                        CASE WHEN event.service ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$' THEN event.service::uuid END
                    AND EXISTS (SELECT 1 FROM plan
                                 WHERE plan.ns_instance_id = newest.ns_instance_id AND plan.body -> 'slices' ? $1::text)
                  ORDER BY newest.started_at DESC LIMIT 1),
                event.service, event.generation, event.name, event.title, event.reason, event.status, event.at, event.error
           FROM jsonb_to_recordset($2::jsonb)
                AS event(service text, generation integer, name text, title text, reason text, status text,
                         at timestamptz, error jsonb)
         ON CONFLICT DO NOTHING RETURNING id, operation_id, service
       )
       SELECT operation_id AS operation, service, (min(id) - 1)::text AS after
         FROM kept
        WHERE operation_id IS NOT NULL
           OR EXISTS (SELECT 1 FROM plan
                       WHERE plan.ns_instance_id::text = kept.service AND plan.body -> 'slices' ? $1::text)
        GROUP BY operation_id, service`,
      [host, JSON.stringify(events)],
    );
    return kept.map(({ operation, ...rest }) => (operation === null ? rest : { operation, ...rest }));
  }

  /** In the order they came in; `after` is the id of the last one that is already known. */
  async steps(operationId: string, after = '0'): Promise<(StepEventRow & { hostName: string })[]> {
    return this.manager.query(
      `${STEPS}
        WHERE step.operation_id = $1 AND step.id > $2 ORDER BY step.id LIMIT 5000`,
      [operationId, after],
    );
  }

  /** What hosts did for a service by themselves, after that step: they mended something. */
  async mendingSteps(service: string, after: string): Promise<(StepEventRow & { hostName: string })[]> {
    return this.manager.query(
      `${STEPS}
        WHERE step.operation_id IS NULL AND step.service = $1 AND step.id > $2
          AND EXISTS (SELECT 1 FROM plan
                       WHERE plan.ns_instance_id::text = step.service AND plan.body -> 'slices' ? step.host_id::text)
        ORDER BY step.id LIMIT 5000`,
      [service, after],
    );
  }
}
