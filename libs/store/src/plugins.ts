import type { Catalog, CatalogPlugin } from '@underware/core';
import type { EntityManager } from 'typeorm';
import { PluginRow } from './entities/plugin.entity.js';
import { insertRow } from './rows.js';

export class Plugins {
  constructor(private readonly manager: EntityManager) {}

  async list(): Promise<PluginRow[]> {
    return this.manager.find(PluginRow, { order: { name: 'ASC', createdAt: 'ASC' } });
  }

  async find(digest: string): Promise<PluginRow | null> {
    return this.manager.findOneBy(PluginRow, { digest });
  }

  async findRelease(name: string, version: string): Promise<PluginRow | null> {
    return this.manager.findOneBy(PluginRow, { name, version });
  }

  async bytes(digest: string): Promise<Buffer | null> {
    const row = await this.manager.findOne(PluginRow, {
      select: { digest: true, bytes: true },
      where: { digest },
    });
    return row?.bytes ?? null;
  }

  async create(row: PluginRow): Promise<void> {
    await insertRow(this.manager, PluginRow, row);
  }

  async delete(digest: string): Promise<void> {
    await this.manager.delete(PluginRow, { digest });
  }

  async catalog(): Promise<Catalog> {
    const rows = await this.list();
    const plugins = rows.map(({ digest, manifest, requirements, keyId }): CatalogPlugin => ({
      digest,
      manifest,
      requirements,
      keyId,
    }));
    return { plugins };
  }
}
