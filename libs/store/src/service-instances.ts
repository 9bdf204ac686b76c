import type { Plan, Reserved, Stage } from '@underware/core';
import type { EntityManager } from 'typeorm';
import { PlanRow, ServiceChangeRow, ServiceInstanceRow } from './entities/service-instance.entity.js';
import { insertRow, updateRow } from './rows.js';

/** A service instance whose hosts hold something of it, with the plan that says what. */
export interface LivePlan {
  service: string;
  stage: Stage;
  plan: Plan;
  /** While the service moves to another plan. */
  change?: PlanChange;
}

export interface PlanChange extends Pick<ServiceChangeRow, 'hosts' | 'vnfs'> {
  plan: Plan;
}

export interface Reservation {
  service: string;
  host: string;
  reserved: Reserved;
}

export class ServiceInstances {
  constructor(private readonly manager: EntityManager) {}

  async list(): Promise<ServiceInstanceRow[]> {
    return this.manager.find(ServiceInstanceRow, {
      order: { createdAt: 'ASC' },
      relations: { descriptor: true },
    });
  }

  async find(id: string): Promise<ServiceInstanceRow | null> {
    return this.manager.findOne(ServiceInstanceRow, { where: { id }, relations: { descriptor: true } });
  }

  async lock(id: string): Promise<ServiceInstanceRow | null> {
    return this.manager.findOne(ServiceInstanceRow, { where: { id }, lock: { mode: 'for_no_key_update' } });
  }

  async create(row: Omit<ServiceInstanceRow, 'descriptor'>): Promise<void> {
    await insertRow(this.manager, ServiceInstanceRow, row);
  }

  async update(id: string, change: Partial<Omit<ServiceInstanceRow, 'id' | 'descriptor'>>): Promise<void> {
    await updateRow(this.manager, ServiceInstanceRow, id, change);
  }

  async delete(id: string): Promise<void> {
    await this.manager.update(ServiceInstanceRow, { id }, { planId: null });
    await this.manager.delete(ServiceInstanceRow, { id });
  }

  async savePlan(plan: Plan): Promise<void> {
    await insertRow(this.manager, PlanRow, {
      id: plan.id,
      nsInstanceId: plan.service,
      body: plan,
      createdAt: new Date(plan.createdAt),
    });
  }

  async plan(id: string): Promise<Plan | null> {
    const row = await this.manager.findOneBy(PlanRow, { id });
    return row?.body ?? null;
  }

  /** The plan in force of a service instance; of one that ended, the newest. */
  async latestPlan(nsInstanceId: string): Promise<Plan | null> {
    const inForce = (await this.find(nsInstanceId))?.planId;
    if (inForce != null) return this.plan(inForce);
    const row = await this.manager.findOne(PlanRow, {
      where: { nsInstanceId },
      order: { createdAt: 'DESC' },
    });
    return row?.body ?? null;
  }

  /**
   * Of every service instance that has one, also while its hosts are not yet asked, or no longer; and the one that it moves to.
   */
  async currentPlans(): Promise<Pick<LivePlan, 'service' | 'plan'>[]> {
    return this.manager.query(
      `SELECT current.service, plan.body AS plan
         FROM (SELECT id AS service, plan_id FROM ns_instance
               UNION ALL SELECT ns_instance_id, plan_id FROM ns_change) current
         JOIN plan ON plan.id = current.plan_id ORDER BY current.service`,
    );
  }

  /** What plans set aside on hosts beside shares of them, by host id, but those of one service. */
  async reservations(except: string): Promise<Reservation[]> {
    return this.manager.query(
      `SELECT current.service, host.key AS host, host.value->'reserved' AS reserved
         FROM (SELECT id AS service, plan_id FROM ns_instance
               UNION ALL SELECT ns_instance_id, plan_id FROM ns_change) current
         JOIN plan ON plan.id = current.plan_id
         CROSS JOIN LATERAL jsonb_each(plan.body->'costs'->'hosts') host
        WHERE current.service <> $1 AND host.value ? 'reserved' ORDER BY current.service, host.key`,
      [except],
    );
  }

  /** With `changing`, only of those that move to another plan. */
  async livePlans({ changing = false } = {}): Promise<LivePlan[]> {
    const rows: (Omit<LivePlan, 'change'> & { change: PlanChange | null })[] = await this.manager.query(
      `SELECT instance.id AS service, instance.stage, plan.body AS plan,
              CASE WHEN next.id IS NOT NULL
                   THEN jsonb_build_object('plan', next.body, 'hosts', change.hosts, 'vnfs', change.vnfs) END AS change
         FROM ns_instance instance JOIN plan ON plan.id = instance.plan_id
         LEFT JOIN ns_change change ON change.ns_instance_id = instance.id
         LEFT JOIN plan next ON next.id = change.plan_id
        WHERE instance.stage IS NOT NULL AND (next.id IS NOT NULL OR NOT $1) ORDER BY instance.id`,
      [changing],
    );
    return rows.map(({ change, ...live }) => ({ ...live, ...(change === null ? {} : { change }) }));
  }

  /** What a service instance is on its way to, if it is. */
  async change(nsInstanceId: string): Promise<ServiceChangeRow | null> {
    return this.manager.findOneBy(ServiceChangeRow, { nsInstanceId });
  }

  async beginChange(row: ServiceChangeRow): Promise<void> {
    await insertRow(this.manager, ServiceChangeRow, row);
  }

  async moveChange(
    nsInstanceId: string,
    change: Partial<Pick<ServiceChangeRow, 'hosts' | 'vnfs'>>,
  ): Promise<void> {
    await this.manager.update(ServiceChangeRow, { nsInstanceId }, change);
  }

  async endChange(nsInstanceId: string): Promise<void> {
    await this.manager.delete(ServiceChangeRow, { nsInstanceId });
  }
}
