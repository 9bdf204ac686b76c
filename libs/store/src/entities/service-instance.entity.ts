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

/** What a service that runs is on its way to. */
@Entity('ns_change')
export class ServiceChangeRow {
  @PrimaryColumn('uuid', { name: 'ns_instance_id' }) nsInstanceId: string;
  @Column('uuid', { name: 'plan_id' }) planId: string;
  @Column('uuid', { name: 'nsd_id' }) nsdId: string;
  @Column('jsonb') graph: ServiceGraph;
  @Column('jsonb') inputs: Record<string, unknown>;
  /** Ids of the hosts that are asked for its plan; the others are asked for the one in force. */
  @Column('jsonb') hosts: string[];
  /** `same`: only VNFs run that are the same in both plans. `all`: those of the plan that the host is asked for. */
  @Column('text') vnfs: 'same' | 'all';
}
