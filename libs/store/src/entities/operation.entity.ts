import type {
  Band,
  CanaryVerdict,
  ErrorReport,
  OperationState,
  OperationType,
  Phase,
  ProblemDetails,
  StepStatus,
  VerdictCounts,
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

/** What was read of instances, by host, then by instance id. */
export type CountsByHost = Record<string, Record<string, VerdictCounts>>;

/** An update that is tried on a few hosts before it comes to the others. */
export interface Canary {
  /** Ids of those hosts. */
  hosts: string[];
  band: Band;
  /** ISO 8601: when the phase of observing that it is in began, with what stood on the counters then. */
  since?: string;
  from?: CountsByHost;
  /** What was counted before the new plan came. */
  before?: CountsByHost;
  /** As it was judged last. */
  verdict?: CanaryVerdict;
  /** The time of watching is over, and the verdict stands. */
  judged?: true;
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
  /** Updates that bring another version of a plugin, asked for at once. */
  @Column('uuid', { name: 'upgrade_id', nullable: true }) upgradeId: string | null;
  @Column('jsonb', { nullable: true }) canary: Canary | null;
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
  @Column('text', { nullable: true }) title: string | null;
  @Column('text', { nullable: true }) reason: string | null;
  @Column('text') status: StepStatus;
  @Column('timestamptz') at: Date;
  @Column('jsonb', { nullable: true }) error: ErrorReport | null;
}
