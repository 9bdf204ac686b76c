import type { PluginManifest, PluginRequirements } from '@underware/core';
import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('plugin_package')
export class PluginRow {
  @PrimaryColumn('text') digest: string;
  @Column('text') name: string;
  @Column('text') version: string;
  @Column('jsonb') manifest: PluginManifest;
  @Column('jsonb') requirements: PluginRequirements;
  @Column('text', { name: 'key_id' }) keyId: string;
  @Column('bytea', { select: false }) bytes: Buffer;
  @Column('integer') size: number;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
