import type { NsState, Plan, ServiceGraph, Stage } from '@underware/core';
import { Column, Entity, JoinColumn, ManyToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';
import { DescriptorRow } from './descriptor.entity.js';

@Entity('ns_instance')
export class ServiceInstanceRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('text') description: string;
  @Column('uuid', { name: 'nsd_id' }) nsdId: string;
  @ManyToOne(() => DescriptorRow) @JoinColumn({ name: 'nsd_id' }) descriptor: Relation<DescriptorRow>;
  @Column('text', { name: 'ns_state' }) nsState: NsState;
  @Column('jsonb') inputs: Record<string, unknown>;
  @Column('jsonb', { nullable: true }) graph: ServiceGraph | null;
  @Column('uuid', { name: 'plan_id', nullable: true }) planId: string | null;
  /** What its hosts are asked to be; null when they are asked to hold nothing of it. */
  @Column('text', { nullable: true }) stage: Stage | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}

@Entity('plan')
export class PlanRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'ns_instance_id' }) nsInstanceId: string;
  @Column('jsonb') body: Plan;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
