import type { HostFacts, SliceReport } from '@underware/core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, Matches } from 'class-validator';

export class EnrolHostRequest {
  @ApiProperty({ description: 'Lower-case letters, digits, dots and dashes; at most 63' })
  @Matches(/^[a-z0-9]([a-z0-9.-]{0,61}[a-z0-9])?$/, {
    message: 'name must be lower-case letters, digits, dots and dashes, at most 63 characters',
  })
  name: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: { type: 'string' } })
  @IsOptional()
  @IsObject()
  labels?: Record<string, string>;
}

/** The token is shown this once, and so is the host's account at the queue server. */
export class EnrolledHost {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty() token: string;
  @ApiProperty({ description: 'What the agent is given as UNDERWARE_QUEUE_URL' }) queueUrl: string;
}

export class UsageDto {
  @ApiProperty() cpus: number;
  @ApiProperty() memoryBytes: number;
}

export class Host {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiProperty() name: string;
  @ApiProperty({ type: 'object', additionalProperties: { type: 'string' } }) labels: Record<string, string>;
  @ApiProperty() ready: boolean;
  @ApiPropertyOptional({ description: 'Why it is not ready' }) reason?: string;
  @ApiPropertyOptional({ format: 'date-time' }) registeredAt?: string;
  @ApiPropertyOptional({ format: 'date-time' }) lastHeartbeatAt?: string;
  @ApiProperty({ description: 'Of what it must be' }) desiredGeneration: number;
  @ApiProperty({ description: 'Of what it last reported to be' }) appliedGeneration: number;
  @ApiProperty({ type: UsageDto }) used: UsageDto;
  @ApiPropertyOptional({
    description: 'Kernel profile, size, runtimes and uplinks as the agent reported them',
    type: 'object',
    additionalProperties: true,
  })
  facts?: HostFacts;
  @ApiProperty({ type: 'array', items: { type: 'object', additionalProperties: true } })
  slices: SliceReport[];
}
