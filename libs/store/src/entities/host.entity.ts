import type { AgentMessage, HostFacts, HostState, SliceReport } from '@underware/core';
import { Column, Entity, JoinColumn, OneToOne, PrimaryColumn } from 'typeorm';
import type { Relation } from 'typeorm';

@Entity('host')
export class HostRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text') name: string;
  @Column('jsonb') labels: Record<string, string>;
  @Column('text', { name: 'token_hash', select: false }) tokenHash: string;
  @Column('bytea', { name: 'message_key', select: false }) messageKey: Buffer;
  @Column('jsonb', { nullable: true }) facts: HostFacts | null;
  @Column('text', { nullable: true }) boot: string | null;
  @Column('timestamptz', { name: 'registered_at', nullable: true }) registeredAt: Date | null;
  @Column('timestamptz', { name: 'last_heartbeat_at', nullable: true }) lastHeartbeatAt: Date | null;
  @Column('integer', { name: 'heartbeat_generation', nullable: true }) heartbeatGeneration: number | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
  @OneToOne('HostDesiredRow', 'host') desired: Relation<HostDesiredRow> | null;
  @OneToOne('HostReportRow', 'host') report: Relation<HostReportRow> | null;
}

@Entity('host_desired')
export class HostDesiredRow {
  @PrimaryColumn('uuid', { name: 'host_id' }) hostId: string;
  @OneToOne('HostRow', 'desired') @JoinColumn({ name: 'host_id' }) host: Relation<HostRow>;
  @Column('integer') generation: number;
  @Column('jsonb') state: HostState;
  @Column('timestamptz', { name: 'changed_at' }) changedAt: Date;
  @Column('timestamptz', { name: 'dispatched_at', nullable: true }) dispatchedAt: Date | null;
}

@Entity('host_report')
export class HostReportRow {
  @PrimaryColumn('uuid', { name: 'host_id' }) hostId: string;
  @OneToOne('HostRow', 'report') @JoinColumn({ name: 'host_id' }) host: Relation<HostRow>;
  @Column('integer') generation: number;
  @Column('text') boot: string;
  @Column('jsonb') slices: SliceReport[];
  @Column('timestamptz') at: Date;
}

export type Heartbeat = Extract<AgentMessage, { type: 'heartbeat' }>;

@Entity('host_telemetry')
export class HostTelemetryRow {
  @PrimaryColumn('uuid', { name: 'host_id' }) hostId: string;
  @Column('timestamptz') at: Date;
  @Column('jsonb') body: Heartbeat;
}
