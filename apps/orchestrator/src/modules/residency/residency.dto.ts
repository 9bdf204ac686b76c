import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { RESIDENCY_POLICIES } from '@underware/store';
import type { HostResidencyPolicy } from '@underware/store';
import { IsIn, IsInt, IsOptional, Min } from 'class-validator';

export class HostResidencyRequest {
  @ApiProperty({
    enum: RESIDENCY_POLICIES,
    description: 'What is done with plugins without a user, whatever descriptors ask for',
  })
  @IsIn(RESIDENCY_POLICIES)
  policy: HostResidencyPolicy;

  @ApiPropertyOptional({
    type: 'integer',
    minimum: 0,
    description: 'Kernel memory for all plugins, in use or not; none: as much as there is',
  })
  @IsOptional()
  @IsInt()
  @Min(0)
  budgetBytes?: number;
}

export class HeldInstanceDto {
  @ApiProperty() key: string;
  @ApiProperty({ description: 'Name and version' }) plugin: string;
  @ApiProperty() underservice: string;
  @ApiProperty() program: string;
  @ApiProperty() memoryBytes: number;
  @ApiProperty({ format: 'date-time', description: 'When its last user went' }) since: string;
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'None: for as long as its descriptor and its plugin are there',
  })
  until?: string;
  @ApiProperty({ description: 'Why it is held' }) reason: string;
  @ApiProperty({ description: 'Whether the host last said that it is loaded' }) loaded: boolean;
}

export class PluginDemandDto {
  @ApiProperty({ description: 'Name and version' }) plugin: string;
  @ApiProperty() inUse: number;
  @ApiProperty({ description: 'Uses that the history has' }) uses: number;
  @ApiProperty({ description: 'Of one instance' }) memoryBytes: number;
  @ApiProperty({ description: 'The median of its loads, or what is assumed where none was measured' })
  loadMilliseconds: number;
  @ApiProperty({ description: 'Holding for so long costs as much as loading again' })
  breakEvenSeconds: number;
}

export class HostResidencyReport {
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty({ enum: RESIDENCY_POLICIES }) policy: HostResidencyPolicy;
  @ApiPropertyOptional() budgetBytes?: number;
  @ApiProperty({ description: 'Of plugins that are in use' }) usedBytes: number;
  @ApiProperty({ description: 'Of plugins that are loaded without a user' }) heldBytes: number;
  @ApiProperty({ type: [HeldInstanceDto] }) held: HeldInstanceDto[];
  @ApiProperty({ type: [PluginDemandDto] }) plugins: PluginDemandDto[];
}
