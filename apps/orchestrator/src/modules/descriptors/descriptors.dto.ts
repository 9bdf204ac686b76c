import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsObject, IsOptional } from 'class-validator';
import { MaxJson } from '../../http/bounded.js';
import { LinkDto } from '../../http/dto.js';

/** Every list of descriptors carries it. */
const MOST_USER_DATA = 65_536;

export class CreateNsdInfoRequest {
  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  @MaxJson(MOST_USER_DATA)
  userDefinedData?: Record<string, unknown>;
}

export class NsdInfoModifications {
  @ApiPropertyOptional({ enum: ['ENABLED', 'DISABLED'] })
  @IsOptional()
  @IsIn(['ENABLED', 'DISABLED'])
  nsdOperationalState?: 'ENABLED' | 'DISABLED';

  @ApiPropertyOptional({ type: 'object', additionalProperties: true })
  @IsOptional()
  @IsObject()
  @MaxJson(MOST_USER_DATA)
  userDefinedData?: Record<string, unknown>;
}

export class NsdInfoLinks {
  @ApiProperty({ type: LinkDto }) self: LinkDto;
  @ApiProperty({ type: LinkDto }) nsd_content: LinkDto;
  @ApiProperty({ type: LinkDto, description: 'The main file alone' }) nsd: LinkDto;
}

/** SOL005 NsdInfo. */
export class NsdInfo {
  @ApiProperty({ format: 'uuid' }) id: string;
  @ApiPropertyOptional() nsdName?: string;
  @ApiPropertyOptional() nsdVersion?: string;
  @ApiProperty({ enum: ['CREATED', 'ONBOARDED'] }) nsdOnboardingState: 'CREATED' | 'ONBOARDED';
  @ApiProperty({ enum: ['ENABLED', 'DISABLED'] }) nsdOperationalState: 'ENABLED' | 'DISABLED';
  @ApiProperty({ enum: ['IN_USE', 'NOT_IN_USE'] }) nsdUsageState: 'IN_USE' | 'NOT_IN_USE';
  @ApiProperty({ type: 'object', additionalProperties: true }) userDefinedData: Record<string, unknown>;
  @ApiProperty({ type: NsdInfoLinks }) _links: NsdInfoLinks;
}
