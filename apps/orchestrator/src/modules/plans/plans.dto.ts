import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsObject, IsOptional, IsString, IsUUID, MaxLength } from 'class-validator';

const LARGEST_DESCRIPTOR = 1_048_576;

export class ValidateRequest {
  @ApiPropertyOptional({ description: 'Name that findings carry' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  file?: string;

  @ApiProperty()
  @IsString()
  @MaxLength(LARGEST_DESCRIPTOR)
  content: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}

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

/** Either a descriptor's text or the id of an onboarded one. */
export class PlanRequest {
  @ApiPropertyOptional({ description: 'Name that findings carry' })
  @IsOptional()
  @IsString()
  @MaxLength(1_024)
  file?: string;

  @ApiPropertyOptional()
  @IsOptional()
  @IsString()
  @MaxLength(LARGEST_DESCRIPTOR)
  content?: string;

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  nsdId?: string;

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  inputs?: Record<string, unknown>;
}
