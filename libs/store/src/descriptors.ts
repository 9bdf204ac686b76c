import type { EntityManager } from 'typeorm';
import { DescriptorRow } from './entities/descriptor.entity.js';
import { ServiceInstanceRow } from './entities/service-instance.entity.js';
import { insertRow, updateRow } from './rows.js';

export class Descriptors {
  constructor(private readonly manager: EntityManager) {}

  async list(): Promise<DescriptorRow[]> {
    return this.manager.find(DescriptorRow, { order: { createdAt: 'ASC' } });
  }

  async find(id: string): Promise<DescriptorRow | null> {
    return this.manager.findOneBy(DescriptorRow, { id });
  }

  /** Waits for others that change it, and keeps it until the transaction ends. */
  async lock(id: string): Promise<DescriptorRow | null> {
    return this.manager.findOne(DescriptorRow, { where: { id }, lock: { mode: 'pessimistic_write' } });
  }

  /** The descriptor's text; null before it was uploaded. */
  async content(id: string): Promise<string | null> {
    const row = await this.manager.findOne(DescriptorRow, {
      select: { id: true, content: true },
      where: { id },
    });
    return row?.content ?? null;
  }

  async create(row: DescriptorRow): Promise<void> {
    await insertRow(this.manager, DescriptorRow, row);
  }

  async update(id: string, change: Partial<Omit<DescriptorRow, 'id'>>): Promise<void> {
    await updateRow(this.manager, DescriptorRow, id, change);
  }

  async delete(id: string): Promise<void> {
    await this.manager.delete(DescriptorRow, { id });
  }

  async isUsed(id: string): Promise<boolean> {
    return this.manager.existsBy(ServiceInstanceRow, { nsdId: id });
  }

  async usedIds(): Promise<Set<string>> {
    const rows = await this.manager
      .createQueryBuilder(ServiceInstanceRow, 'instance')
      .select('DISTINCT instance.nsd_id', 'id')
      .getRawMany<{ id: string }>();
    return new Set(rows.map(({ id }) => id));
  }
}
