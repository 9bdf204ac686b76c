import type { EntityManager } from 'typeorm';
import { DescriptorRow } from './entities/descriptor.entity.js';
import { insertRow, updateRow } from './rows.js';

/** A descriptor as it was uploaded. */
export interface DescriptorContent {
  /** `sha256:…` of the bytes. */
  digest: string;
  /** One file, or a package of several (CSAR). */
  mediaType: 'application/yaml' | 'application/zip';
  bytes: Uint8Array;
}

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

  /** What was uploaded; null before it was. */
  async content(id: string): Promise<DescriptorContent | null> {
    const rows: DescriptorContent[] = await this.manager.query(
      `SELECT content.digest, content.media_type AS "mediaType", content.bytes
         FROM ns_descriptor descriptor JOIN nsd_content content ON content.digest = descriptor.content_digest
        WHERE descriptor.id = $1`,
      [id],
    );
    return rows[0] ?? null;
  }

  /** Keeps content for the descriptor that names it next, in the same transaction. */
  async keepContent({ digest, mediaType, bytes }: DescriptorContent): Promise<void> {
    // An update that changes nothing waits for who deletes the same content just now, and makes it anew.
    await this.manager.query(
      `INSERT INTO nsd_content (digest, media_type, bytes) VALUES ($1, $2, $3)
       ON CONFLICT (digest) DO UPDATE SET media_type = nsd_content.media_type`,
      [digest, mediaType, Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length)],
    );
  }

  async create(row: DescriptorRow): Promise<void> {
    await insertRow(this.manager, DescriptorRow, row);
  }

  async update(id: string, change: Partial<Omit<DescriptorRow, 'id'>>): Promise<void> {
    await updateRow(this.manager, DescriptorRow, id, change);
  }

  /** With its content, where no other descriptor has the same. In a transaction. */
  async delete(id: string): Promise<void> {
    const digest = (await this.find(id))?.contentDigest ?? null;
    await this.manager.delete(DescriptorRow, { id });
    // By itself, so that the next statement sees what others did who had it until now.
    await this.manager.query('SELECT FROM nsd_content WHERE digest = $1 FOR UPDATE', [digest]);
    await this.manager.query(
      `DELETE FROM nsd_content WHERE digest = $1
          AND NOT EXISTS (SELECT FROM ns_descriptor WHERE content_digest = $1)`,
      [digest],
    );
  }

  /** By a service instance, or by one that is on its way to it. */
  async isUsed(id: string): Promise<boolean> {
    return (await this.usedIds()).has(id);
  }

  async usedIds(): Promise<Set<string>> {
    const rows: { id: string }[] = await this.manager.query(
      'SELECT nsd_id AS id FROM ns_instance UNION SELECT nsd_id FROM ns_change',
    );
    return new Set(rows.map(({ id }) => id));
  }
}
