import type { Plan, Stage } from '@underware/core';
import type { EntityManager } from 'typeorm';
import { PlanRow, ServiceInstanceRow } from './entities/service-instance.entity.js';
import { insertRow, updateRow } from './rows.js';

/** A service instance whose hosts hold something of it, with the plan that says what. */
export interface LivePlan {
  service: string;
  stage: Stage;
  plan: Plan;
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

  /** The newest plan of a service instance, also of one that ended. */
  async latestPlan(nsInstanceId: string): Promise<Plan | null> {
    const row = await this.manager.findOne(PlanRow, {
      where: { nsInstanceId },
      order: { createdAt: 'DESC' },
    });
    return row?.body ?? null;
  }

  /** Of every service instance that has one, also while its hosts are not yet asked, or no longer. */
  async currentPlans(): Promise<Pick<LivePlan, 'service' | 'plan'>[]> {
    return this.manager.query(
      `SELECT instance.id AS service, plan.body AS plan
         FROM ns_instance instance JOIN plan ON plan.id = instance.plan_id ORDER BY instance.id`,
    );
  }

  async livePlans(): Promise<LivePlan[]> {
    const rows: { service: string; stage: Stage; plan: Plan }[] = await this.manager.query(
      `SELECT instance.id AS service, instance.stage, plan.body AS plan
         FROM ns_instance instance JOIN plan ON plan.id = instance.plan_id
        WHERE instance.stage IS NOT NULL ORDER BY instance.id`,
    );
    return rows;
  }
}
