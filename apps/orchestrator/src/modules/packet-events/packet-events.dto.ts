import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DIRECTIONS } from '@underware/core';
import type { Direction } from '@underware/core';

export class FlowEndsDto {
  @ApiProperty({ description: 'Its name, or its number' }) protocol: string;
  @ApiProperty() source: string;
  @ApiProperty() destination: string;
  @ApiProperty({ description: '0 where the packet has none' }) sourcePort: number;
  @ApiProperty() destinationPort: number;
}

export class PacketEventDto {
  @ApiProperty({ description: 'Grows with every event; what `after` of the next call takes' }) id: string;
  @ApiProperty({ format: 'date-time', description: "By the host's clock" }) at: string;
  @ApiProperty({ format: 'uuid' }) service: string;
  @ApiProperty() serviceName: string;
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty() underservice: string;
  @ApiProperty() port: string;
  @ApiProperty({ enum: DIRECTIONS }) direction: Direction;
  @ApiProperty({ description: '`new flow`, `rule telnet`, …' }) what: string;
  @ApiPropertyOptional({ type: FlowEndsDto }) flow?: FlowEndsDto;
  @ApiPropertyOptional() bytes?: number;
  @ApiPropertyOptional() rule?: string;
  @ApiPropertyOptional({ enum: ['pass', 'drop'] }) action?: string;
  @ApiProperty({ description: 'How many came before it from the same instance and were not told' })
  lost: number;
  @ApiProperty({ type: 'object', additionalProperties: true, description: "The plugin's own record" })
  record: Record<string, unknown>;
}
