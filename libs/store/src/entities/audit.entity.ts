import type { ErrorReport } from '@underware/core';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

@Entity('audit')
export class AuditRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column('timestamptz') at: Date;
  /** Name of the token, or `host <name>`. */
  @Column('text') actor: string;
  @Column('text') action: string;
  @Column('text') object: string;
  /** `begun`, then `done` or the code of the error that refused it. */
  @Column('text') outcome: string;
  @Column('jsonb', { nullable: true }) report: ErrorReport | null;
}

@Entity('api_token')
export class ApiTokenRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') hash: string;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
