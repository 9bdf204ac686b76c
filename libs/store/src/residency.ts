import { UnderwareError } from '@underware/core';
import type { DesiredInstance, HeldInstance, Plan } from '@underware/core';
import type { EntityManager } from 'typeorm';

export const RESIDENCY_POLICIES = ['as-asked', 'dynamic', 'persistent'] as const;
/** What is done on a host, whatever descriptors ask for. */
export type HostResidencyPolicy = (typeof RESIDENCY_POLICIES)[number];

export interface HostResidency {
  policy: HostResidencyPolicy;
  /** Of kernel memory, for what is loaded without a user; null: as much as there is. */
  budgetBytes: number | null;
}

/** An instance that is loaded on a host without a user. */
export interface Held {
  hostId: string;
  key: string;
  nsdId: string | null;
  instance: DesiredInstance;
  memoryBytes: number;
  since: Date;
  /** Null: for as long as its descriptor and its plugin are there. */
  until: Date | null;
  reason: string;
}

/** Someone had an instance from then to then; `endedAt` is null while they have it. */
export interface InstanceUse {
  hostId: string;
  key: string;
  revision: string;
  plugin: string;
  digest: string;
  nsdId: string | null;
  /** It was held without an end when it was taken over. */
  persistent: boolean;
  beganAt: Date;
  endedAt: Date | null;
}

/** Of one host: what lies further back says little about what comes. */
const MOST_USES = 1_000;

const AS_ASKED: HostResidency = { policy: 'as-asked', budgetBytes: null };

/** What stays loaded without a user, and the history that it is decided by. */
export class Residency {
  constructor(private readonly manager: EntityManager) {}

  async policyOf(host: string): Promise<HostResidency> {
    const rows: { policy: HostResidencyPolicy; budget_bytes: string | null }[] = await this.manager.query(
      'SELECT policy, budget_bytes FROM host_residency WHERE host_id = $1',
      [host],
    );
    const [row] = rows;
    if (!row) return AS_ASKED;
    return { policy: row.policy, budgetBytes: row.budget_bytes === null ? null : Number(row.budget_bytes) };
  }

  /** By host, where there is one. */
  async budgets(): Promise<Map<string, number>> {
    const rows: { host_id: string; budget_bytes: string }[] = await this.manager.query(
      'SELECT host_id, budget_bytes FROM host_residency WHERE budget_bytes IS NOT NULL',
    );
    return new Map(rows.map(({ host_id, budget_bytes }) => [host_id, Number(budget_bytes)]));
  }

  async setPolicy(host: string, { policy, budgetBytes }: HostResidency): Promise<void> {
    await this.manager.query(
      `INSERT INTO host_residency (host_id, policy, budget_bytes) VALUES ($1, $2, $3)
       ON CONFLICT (host_id) DO UPDATE SET policy = excluded.policy, budget_bytes = excluded.budget_bytes`,
      [host, policy, budgetBytes],
    );
  }

  /** Newest first. */
  async held(hosts?: readonly string[]): Promise<Held[]> {
    const rows: HeldRow[] = await this.manager.query(
      `SELECT host_id, key, nsd_id, instance, memory_bytes, since, until, reason FROM held_instance
        WHERE $1::uuid[] IS NULL OR host_id = ANY ($1) ORDER BY since DESC, host_id, key`,
      [hosts ?? null],
    );
    return rows.map((row) => ({
      hostId: row.host_id,
      key: row.key,
      nsdId: row.nsd_id,
      instance: row.instance,
      memoryBytes: Number(row.memory_bytes),
      since: row.since,
      until: row.until,
      reason: row.reason,
    }));
  }

  async hold(held: Held): Promise<void> {
    await this.manager.query(
      `INSERT INTO held_instance (host_id, key, nsd_id, instance, memory_bytes, since, until, reason)
       VALUES ($1, $2, $3, $4::jsonb, $5, $6, $7, $8)
       ON CONFLICT (host_id, key) DO UPDATE SET nsd_id = excluded.nsd_id, instance = excluded.instance,
         memory_bytes = excluded.memory_bytes, since = excluded.since, until = excluded.until, reason = excluded.reason`,
      [
        held.hostId,
        held.key,
        held.nsdId,
        JSON.stringify(held.instance),
        Math.round(held.memoryBytes),
        held.since,
        held.until,
        held.reason,
      ],
    );
  }

  async drop(host: string, keys: readonly string[]): Promise<void> {
    await this.manager.query('DELETE FROM held_instance WHERE host_id = $1 AND key = ANY ($2)', [host, keys]);
  }

  /** Lets go what is held no more: its time is over, or its descriptor or plugin is gone. Gives back the hosts. */
  async dropEnded(now: Date): Promise<string[]> {
    const [rows]: [{ host_id: string }[], number] = await this.manager.query(
      `DELETE FROM held_instance held
        WHERE until <= $1 OR nsd_id IS NULL
           OR NOT EXISTS (SELECT FROM plugin_package WHERE digest = held.instance -> 'plugin' ->> 'digest')
        RETURNING host_id`,
      [now],
    );
    return [...new Set(rows.map(({ host_id }) => host_id))].sort();
  }

  /** A plan takes its instances into use; those that were held are held no more. STATE_CONFLICT where another one has them. */
  async begin(plan: Plan, nsdId: string, at: Date): Promise<void> {
    const uses = Object.entries(plan.slices).flatMap(([host, { instances }]) =>
      instances.map(({ key, revision, plugin, underservice }) => ({
        host,
        key,
        revision,
        plugin: `${plugin.name}@${plugin.version}`,
        digest: plugin.digest,
        underservice,
      })),
    );
    const [counts]: { wanted: number; got: number }[] = await this.manager.query(
      `WITH used AS (
         SELECT each.* FROM jsonb_to_recordset($1::jsonb)
           AS each(host uuid, key text, revision text, plugin text, digest text) JOIN host ON host.id = each.host),
       taken AS (
         DELETE FROM held_instance held USING used WHERE held.host_id = used.host AND held.key = used.key
         RETURNING held.host_id, held.key, held.nsd_id, held.until IS NULL AS persistent),
       begun AS (
         INSERT INTO instance_use
           (host_id, key, revision, plugin, digest, ns_instance_id, nsd_id, taken_over, persistent, began_at)
         SELECT used.host, used.key, used.revision, used.plugin, used.digest, $2,
                CASE WHEN taken.persistent THEN taken.nsd_id ELSE $3 END,
                -- Another revision of one that was taken over has its id, which is not the service's own either.
                taken.key IS NOT NULL OR EXISTS (
                  SELECT FROM instance_use own
                   WHERE own.host_id = used.host AND own.ns_instance_id = $2 AND own.ended_at IS NULL AND own.taken_over
                     AND split_part(own.key, '-', 1) = split_part(used.key, '-', 1)),
                coalesce(taken.persistent, false), $4
           FROM used LEFT JOIN taken ON taken.host_id = used.host AND taken.key = used.key
         ON CONFLICT (host_id, key) WHERE ended_at IS NULL DO UPDATE SET nsd_id = instance_use.nsd_id
           WHERE instance_use.ns_instance_id = excluded.ns_instance_id
         RETURNING 1)
       SELECT (SELECT count(*) FROM used)::integer AS wanted, (SELECT count(*) FROM begun)::integer AS got`,
      [JSON.stringify(uses), plan.service, nsdId, at],
    );
    if (counts === undefined || counts.got === counts.wanted) return;
    throw new UnderwareError({
      code: 'STATE_CONFLICT',
      attempted: 'take plugin instances into use',
      on: `service instance ${plan.service}`,
      why: `${counts.wanted - counts.got} of them were given to another service instance meanwhile`,
      remedy: 'Plan again',
    });
  }

  /** A service instance gives back all that it uses, but for what the plan has that it stays with. */
  async end(nsInstanceId: string, at: Date, keep?: Plan): Promise<void> {
    const kept = Object.entries(keep?.slices ?? {}).flatMap(([host, { instances }]) =>
      instances.map(({ key }) => `${host} ${key}`),
    );
    await this.manager.query(
      `UPDATE instance_use SET ended_at = $2
        WHERE ns_instance_id = $1 AND ended_at IS NULL AND NOT (host_id::text || ' ' || key = ANY ($3))`,
      [nsInstanceId, at, kept],
    );
  }

  /** What is used on a host, and what was since then, as far as that is worth looking at; the oldest first. */
  async uses(host: string, since: Date): Promise<InstanceUse[]> {
    return this.manager.query(
      `SELECT host_id AS "hostId", key, revision, plugin, digest, nsd_id AS "nsdId", persistent, began_at AS "beganAt", ended_at AS "endedAt"
         FROM instance_use
        WHERE host_id = $1 AND (ended_at IS NULL OR id IN (
                SELECT id FROM instance_use WHERE host_id = $1 AND ended_at >= $2 ORDER BY began_at DESC, id DESC LIMIT ${MOST_USES}))
        ORDER BY began_at, id`,
      [host, since],
    );
  }

  /** Ids of instances that other service instances have which took them over. */
  async takenOver(exceptOf: string): Promise<string[]> {
    const rows: { id: string }[] = await this.manager.query(
      `SELECT DISTINCT split_part(key, '-', 1) AS id FROM instance_use
        WHERE ended_at IS NULL AND taken_over AND ns_instance_id <> $1 ORDER BY id`,
      [exceptOf],
    );
    return rows.map(({ id }) => id);
  }

  /** Ids of instances that a service instance took over from those that stay for good: it gives them back as they are. */
  async lent(nsInstanceId: string): Promise<string[]> {
    const rows: { id: string }[] = await this.manager.query(
      `SELECT DISTINCT split_part(key, '-', 1) AS id FROM instance_use
        WHERE ended_at IS NULL AND persistent AND ns_instance_id = $1 ORDER BY id`,
      [nsInstanceId],
    );
    return rows.map(({ id }) => id);
  }

  /** How long each of these plugins took to load on a host, in milliseconds, as the steps of the last weeks say. */
  async loadTimes(host: string): Promise<Map<string, number>> {
    const rows: { digest: string; ms: number }[] = await this.manager.query(
      `SELECT use.digest, (percentile_cont(0.5) WITHIN GROUP (ORDER BY extract(epoch FROM done.at - begun.at) * 1000))::float8 AS ms
         FROM step_event done
         JOIN step_event begun ON begun.host_id = done.host_id AND begun.service = done.service
          AND begun.generation = done.generation AND begun.name = done.name AND begun.status = 'started'
         JOIN LATERAL (SELECT digest FROM instance_use
                        WHERE host_id = done.host_id AND key = substr(done.name, length('load-instance ') + 1) LIMIT 1) use ON true
        WHERE done.host_id = $1 AND done.status = 'done' AND done.name LIKE 'load-instance %'
        GROUP BY use.digest`,
      [host],
    );
    return new Map(rows.map(({ digest, ms }) => [digest, ms]));
  }
}

interface HeldRow {
  host_id: string;
  key: string;
  nsd_id: string | null;
  instance: DesiredInstance;
  memory_bytes: string;
  since: Date;
  until: Date | null;
  reason: string;
}

/** As a plan may use it. */
export function heldInstance({ key, instance, since }: Held): HeldInstance {
  const { id, revision, hook, plugin } = instance;
  return { key, id, revision, hook, digest: plugin.digest, since: since.toISOString() };
}
