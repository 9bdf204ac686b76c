import { Column, Entity, PrimaryColumn } from 'typeorm';

@Entity('ns_descriptor')
export class DescriptorRow {
  @PrimaryColumn('uuid') id: string;
  @Column('text', { name: 'nsd_name', nullable: true }) name: string | null;
  @Column('text', { name: 'nsd_version', nullable: true }) version: string | null;
  @Column('text', { name: 'onboarding_state' }) onboardingState: 'CREATED' | 'ONBOARDED';
  @Column('text', { name: 'operational_state' }) operationalState: 'ENABLED' | 'DISABLED';
  @Column('jsonb', { name: 'user_defined_data' }) userDefinedData: Record<string, unknown>;
  @Column('text', { nullable: true }) file: string | null;
  @Column('text', { name: 'content_digest', nullable: true }) contentDigest: string | null;
  @Column('timestamptz', { name: 'created_at' }) createdAt: Date;
}
