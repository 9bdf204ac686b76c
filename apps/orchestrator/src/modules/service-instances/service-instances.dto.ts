import type {
  ChainTelemetry,
  InstanceTelemetry,
  ObservedWorkload,
  Plan,
  PlanCosts,
  ServiceGraph,
} from '@underware/core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  IsIn,
  IsNotEmpty,
  IsObject,
  IsOptional,
  IsString,
  IsUUID,
  MaxLength,
  ValidateNested,
} from 'class-validator';
import { Type } from 'class-transformer';
import { Lines, OneLine } from '../../http/bounded.js';
import { LinkDto } from '../../http/dto.js';

export class CreateNsRequest {
  @ApiProperty({ format: 'uuid', description: 'Id of the ns_descriptors resource' })
  @IsUUID()
  nsdId: string;

  @ApiProperty()
  @IsString()
  @IsNotEmpty()
  @MaxLength(255)
  @OneLine()
  nsName: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(4_096)
  @Lines()
  nsDescription?: string;
}

export class AdditionalParamsForNs {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}

export class InstantiateNsRequest {
  @ApiPropertyOptional({ type: AdditionalParamsForNs })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AdditionalParamsForNs)
  additionalParamsForNs?: AdditionalParamsForNs;

  @ApiPropertyOptional({ description: 'Deployment flavour; a descriptor has one' })
  @IsOptional()
  @IsString()
  nsFlavourId?: string;
}

export class AssocNewNsdVersionData {
  @ApiProperty({ format: 'uuid', description: 'Id of the ns_descriptors resource' })
  @IsUUID()
  newNsdId: string;
}

export class UpdateNsRequest {
  @ApiProperty({ enum: ['ASSOC_NEW_NSD_VERSION'] })
  @IsIn(['ASSOC_NEW_NSD_VERSION'])
  updateType: 'ASSOC_NEW_NSD_VERSION';

  @ApiPropertyOptional({
    type: AssocNewNsdVersionData,
    description: 'The descriptor that it shall be; without it, its own with other inputs',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AssocNewNsdVersionData)
  assocNewNsdVersionData?: AssocNewNsdVersionData;

  @ApiPropertyOptional({
    type: AdditionalParamsForNs,
    description: 'Inputs that are not named keep their values; null takes one away',
  })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => AdditionalParamsForNs)
  additionalParamsForNs?: AdditionalParamsForNs;
}

export class TerminateNsRequest {}

export class NsInstanceLinks {
  @ApiProperty({ type: LinkDto }) self: LinkDto;
  @ApiProperty({ type: LinkDto }) instantiate: LinkDto;
  @ApiProperty({ type: LinkDto }) update: LinkDto;
  @ApiProperty({ type: LinkDto }) terminate: LinkDto;
}

/** SOL005 NsInstance. */
export class NsInstance {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() nsInstanceName: string;
  @ApiProperty() nsInstanceDescription: string;
  @ApiProperty({ format: 'uuid' }) nsdId: string;
  @ApiProperty({ format: 'uuid' }) nsdInfoId: string;
  @ApiPropertyOptional() nsdName?: string;
  @ApiPropertyOptional() nsdVersion?: string;
  @ApiProperty({ enum: ['NOT_INSTANTIATED', 'INSTANTIATED'] }) nsState: 'NOT_INSTANTIATED' | 'INSTANTIATED';
  @ApiProperty({ type: NsInstanceLinks }) _links: NsInstanceLinks;
}

export class VerdictCountersDto {
  @ApiProperty() packets: number;
  @ApiProperty() bytes: number;
}

/** One hop of a chain: what it should be, whether it is there, and its live counters. */
export class HopDto {
  @ApiProperty() key: string;
  @ApiProperty() underservice: string;
  @ApiProperty({ description: 'name@version' }) plugin: string;
  @ApiProperty() program: string;
  @ApiProperty() order: number;
  @ApiProperty({ enum: ['persistent', 'dynamic'] }) residency: 'persistent' | 'dynamic';
  @ApiProperty({ description: 'Seen in the kernel, in this chain, at the last heartbeat, or made since' })
  present: boolean;
  @ApiProperty({
    description: 'Packets and bytes by verdict',
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/VerdictCountersDto' },
  })
  verdicts: Record<string, VerdictCountersDto>;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When its counters were zero last: it was loaded then, or emptied for this service',
  })
  countsSince?: string;
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  runTime?: InstanceTelemetry['runTime'];
  @ApiProperty({
    description: 'Telemetry maps by name: rows as {key, value}',
    type: 'object',
    additionalProperties: { type: 'array', items: { type: 'object', additionalProperties: true } },
  })
  maps: InstanceTelemetry['maps'];
}

export class ChainDto {
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty({ description: 'Name of the port in the descriptor, or of the uplink' }) port: string;
  @ApiProperty() device: string;
  @ApiProperty({ enum: ['xdp', 'xdp/egress', 'tcx/ingress', 'tcx/egress'] }) hook: string;
  @ApiProperty({ enum: ['inbound', 'outbound'] }) direction: string;
  @ApiProperty({ type: [HopDto] }) hops: HopDto[];
  @ApiPropertyOptional({
    description: 'As walked in the kernel at the last heartbeat',
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  observed?: ChainTelemetry['hops'];
}

export class WorkloadDto {
  @ApiProperty() vnf: string;
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty({ enum: ['container', 'process'] }) runtime: string;
  @ApiProperty({ type: [String] }) addresses: string[];
  @ApiProperty({ enum: ['running', 'exited', 'absent', 'unknown'] })
  state: ObservedWorkload['state'] | 'absent' | 'unknown';
  @ApiProperty({ enum: ['healthy', 'unhealthy', 'starting', 'none'] }) health: ObservedWorkload['health'];
  @ApiPropertyOptional() handle?: string;
  @ApiPropertyOptional() exitCode?: number;
  @ApiPropertyOptional({ description: 'How often it exited and was started again lately' }) restarts?: number;
  @ApiPropertyOptional({ format: 'date-time', description: 'When it is started again' }) nextTryAt?: string;
}

export class PlacementDto {
  @ApiProperty() vnf: string;
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty({ enum: ['container', 'process'] }) runtime: string;
  @ApiProperty() reason: string;
}

/** A service instance in a list: whether it is as it must be. */
export class ServiceInstanceSummary {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['NOT_INSTANTIATED', 'INSTANTIATED'] }) nsState: 'NOT_INSTANTIATED' | 'INSTANTIATED';
  @ApiProperty({ type: [String], description: 'What is not as it must be, in words; of one that runs' })
  troubles: string[];
}

/** A service instance as people look at it: what it is made of, where, and what it does right now. */
export class ServiceInstanceTree {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty() description: string;
  @ApiProperty({ enum: ['NOT_INSTANTIATED', 'INSTANTIATED'] }) nsState: 'NOT_INSTANTIATED' | 'INSTANTIATED';
  @ApiProperty({ format: 'uuid' }) nsdId: string;
  @ApiPropertyOptional({ description: 'Operation it is in, if any', format: 'uuid' }) operation?: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) inputs: Record<string, unknown>;
  @ApiPropertyOptional({
    description: 'The compiled service graph',
    type: 'object',
    additionalProperties: true,
  })
  graph?: ServiceGraph;
  @ApiProperty({ type: [PlacementDto] }) placements: PlacementDto[];
  @ApiProperty({ type: [ChainDto] }) chains: ChainDto[];
  @ApiProperty({ type: [WorkloadDto] }) workloads: WorkloadDto[];
}

export class DecisionDto {
  @ApiProperty() subject: string;
  @ApiProperty({ enum: ['chosen', 'rejected'] }) outcome: string;
  @ApiProperty() choice: string;
  @ApiProperty() reason: string;
}

export class PlanPlacementDto {
  @ApiProperty() vnf: string;
  @ApiProperty() host: string;
  @ApiProperty({ enum: ['container', 'process'] }) runtime: string;
  @ApiProperty() reason: string;
}

export class PlanGraphDto {
  @ApiProperty() name: string;
  @ApiProperty() version: string;
}

/** The immutable result of planning. */
export class PlanDto {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty({ format: 'uuid' }) service: string;
  @ApiProperty({ format: 'date-time' }) createdAt: string;
  @ApiProperty({ type: PlanGraphDto }) graph: PlanGraphDto;
  @ApiProperty({ type: [PlanPlacementDto] }) placements: PlanPlacementDto[];
  @ApiProperty({
    description: 'What every host must become, by host id',
    type: 'object',
    additionalProperties: { type: 'object', additionalProperties: true },
  })
  slices: Plan['slices'];
  @ApiProperty({ type: [DecisionDto] }) decisions: DecisionDto[];
  @ApiProperty({
    description: 'Names of the hosts of the plan by id',
    type: 'object',
    additionalProperties: { type: 'string' },
  })
  hostNames: Record<string, string>;
  @ApiPropertyOptional({
    description: 'Network identifiers of links by name',
    type: 'object',
    additionalProperties: { type: 'number' },
  })
  vnis?: Record<string, number>;
  @ApiPropertyOptional({
    description:
      'What it takes of each host, how full the fullest one is, and what no placement can be below',
    type: 'object',
    additionalProperties: true,
  })
  costs?: PlanCosts;
}
