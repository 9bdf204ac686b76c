import type { Band, HostPlan } from '@underware/core';
import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsInt,
  IsNumber,
  IsObject,
  IsOptional,
  IsUUID,
  Max,
  Min,
  ValidateNested,
} from 'class-validator';

/** Hosts that get it first: named ones, or a part of those concerned. */
export class CanaryRequest {
  @ApiPropertyOptional({ type: [String], format: 'uuid' })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsUUID(undefined, { each: true })
  hosts?: string[];

  @ApiPropertyOptional({ description: 'Of the hosts concerned, in the order of their names, rounded up' })
  @IsOptional()
  @IsNumber()
  @Min(1)
  @Max(100)
  percent?: number;
}

/** What is not given is as docs/operate.md says. */
export class BandRequest implements Partial<Band> {
  @ApiPropertyOptional()
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(86_400)
  windowSeconds?: number;

  @ApiPropertyOptional()
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  tolerance?: number;

  @ApiPropertyOptional()
  @IsOptional()
  @IsNumber()
  @Min(0)
  @Max(1)
  errorTolerance?: number;

  @ApiPropertyOptional()
  @IsOptional()
  @IsInt()
  @Min(0)
  @Max(1_000_000_000)
  minPackets?: number;
}

export class UpgradeRequest {
  @ApiPropertyOptional({
    type: [String],
    format: 'uuid',
    description: 'Service instances; without it, all that have another version',
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(1_000)
  @IsUUID(undefined, { each: true })
  services?: string[];

  @ApiPropertyOptional({ type: CanaryRequest })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => CanaryRequest)
  canary?: CanaryRequest;

  @ApiPropertyOptional({ type: BandRequest })
  @IsOptional()
  @IsObject()
  @ValidateNested()
  @Type(() => BandRequest)
  band?: BandRequest;

  @ApiPropertyOptional({ description: 'Says what would change; nothing is kept, no host is asked' })
  @IsOptional()
  @IsBoolean()
  dryRun?: boolean;
}

export class ServiceUpgrade {
  @ApiProperty({ format: 'uuid' }) nsInstanceId: string;
  @ApiProperty() nsInstanceName: string;
  @ApiPropertyOptional({ format: 'uuid', description: 'None where it was a dry run' }) operation?: string;
  @ApiProperty({
    description: 'What it does on each host, with changes to the plan in force',
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  hosts: HostPlan[];
}

export class PluginUpgrade {
  @ApiProperty({ description: 'name@version' }) plugin: string;
  @ApiProperty({ type: [String], description: 'Names of the hosts that get it first' }) canary: string[];
  @ApiProperty({ type: [ServiceUpgrade], description: 'Empty: none has another version' })
  services: ServiceUpgrade[];
  @ApiProperty({
    description: 'Names of hosts by id',
    type: 'object',
    additionalProperties: { type: 'string' },
  })
  hostNames: Record<string, string>;
}
