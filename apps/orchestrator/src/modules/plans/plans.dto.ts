import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import type { Catalog, HostPlan, Inventory } from '@underware/core';
import { IsBase64, IsBoolean, IsObject, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';
import { OneLine } from '../../http/bounded.js';
import { LARGEST_CSAR_TEXT, LARGEST_TEXT } from '../../http/harden.js';
import { PlanDto } from '../service-instances/service-instances.dto.js';

/** A descriptor within a request: its one file, or a package of several. */
class WithDescriptor {
  @ApiPropertyOptional({ description: 'Name that findings carry' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  @OneLine()
  file?: string;

  @ApiPropertyOptional({ description: 'The text of a descriptor of one file' })
  @IsOptional()
  @IsString()
  @MaxLength(LARGEST_TEXT)
  content?: string;

  @ApiPropertyOptional({ description: 'A descriptor of several files: a CSAR', format: 'byte' })
  @IsOptional()
  @IsBase64()
  @MaxLength(LARGEST_CSAR_TEXT)
  package?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}

/** Either content or package. */
export class ValidateRequest extends WithDescriptor {}

export class FindingDto {
  @ApiProperty() code: string;
  @ApiProperty({ enum: ['error', 'warning'] }) severity: 'error' | 'warning';
  @ApiProperty() file: string;
  @ApiProperty() line: number;
  @ApiProperty() column: number;
  @ApiProperty() message: string;
  @ApiPropertyOptional() expected?: string;
  @ApiPropertyOptional() nearest?: string;
}

export class Validation {
  @ApiProperty() valid: boolean;
  @ApiProperty({ type: [FindingDto] }) findings: FindingDto[];
}

/** Either content, package or the id of an onboarded descriptor. */
export class PlanRequest extends WithDescriptor {
  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  nsdId?: string;

  @ApiPropertyOptional({
    description:
      'A service instance that the plan is for: what it has stays where it may, and is compared with',
    format: 'uuid',
  })
  @IsOptional()
  @IsUUID()
  nsInstanceId?: string;

  @ApiPropertyOptional({
    description:
      'A reason for every host that is not taken, and how far a solver finds the plan from the best',
  })
  @IsOptional()
  @IsBoolean()
  explain?: boolean;
}

/** A plan that was made to be looked at. */
export class DryRunPlanDto extends PlanDto {
  @ApiProperty({
    description:
      'What it does on each host: placed, loaded, reused, chained, pinned, started, costs, and changes to the plan in force',
    type: 'array',
    items: { type: 'object', additionalProperties: true },
  })
  hosts: HostPlan[];

  @ApiPropertyOptional({ description: 'The plan that it is compared with', format: 'uuid' })
  inForce?: string;
}

export class InventoryDto {
  @ApiProperty({ type: 'object', additionalProperties: true }) inventory: Inventory;
  @ApiProperty({ type: 'object', additionalProperties: true }) catalog: Catalog;
}
