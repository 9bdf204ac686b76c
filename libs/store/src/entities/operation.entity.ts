import type {
  ErrorReport,
  OperationState,
  OperationType,
  Phase,
  ProblemDetails,
  StepStatus,
} from '@underware/core';
import { Column, Entity, PrimaryColumn, PrimaryGeneratedColumn } from 'typeorm';

/** What an operation waits for: every host's report of at least this generation. */
export interface Barrier {
  generations: Record<string, number>;
  /** Ids of those that shall then have nothing of the service; undefined: all, or none, as the phase says. */
  leaving?: string[];
  /** ISO 8601. */
  askedAt: string;
}

@Entity('operation')
export class OperationRow {
  @PrimaryColumn('uuid') id: string;
  @Column('uuid', { name: 'ns_instance_id' }) nsInstanceId: string;
  @Column('text') type: OperationType;
  @Column('text') state: OperationState;
  @Column('text') phase: Phase;
  @Column('boolean', { name: 'rolling_back' }) rollingBack: boolean;
  @Column('jsonb', { nullable: true }) barrier: Barrier | null;
  @Column('jsonb') params: Record<string, unknown>;
  @Column('jsonb', { nullable: true }) error: ProblemDetails | null;
  @Column('text', { name: 'requested_by' }) requestedBy: string;
  @Column('timestamptz', { name: 'state_entered_at' }) stateEnteredAt: Date;
  @Column('timestamptz', { name: 'started_at' }) startedAt: Date;
}

@Entity('step_event')
export class StepEventRow {
  @PrimaryGeneratedColumn('identity', { type: 'bigint' }) id: string;
  @Column('uuid', { name: 'host_id' }) hostId: string;
  @Column('uuid', { name: 'operation_id', nullable: true }) operationId: string | null;
  @Column('text') service: string;
  @Column('integer') generation: number;
  @Column('text') name: string;
  @Column('text') status: StepStatus;
  @Column('timestamptz') at: Date;
  @Column('jsonb', { nullable: true }) error: ErrorReport | null;
}
