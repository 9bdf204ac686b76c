import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DIRECTIONS } from '@underware/core';
import type { Direction } from '@underware/core';
import { FlowEndsDto } from '../packet-events/packet-events.dto.js';

export class FlowDto {
  @ApiProperty({ type: FlowEndsDto }) flow: FlowEndsDto;
  @ApiProperty() packets: number;
  @ApiProperty() bytes: number;
  @ApiProperty({ format: 'date-time', description: "By the host's clock" }) startedAt: string;
  @ApiProperty({ format: 'date-time' }) lastAt: string;
  @ApiProperty({ type: [String], description: 'Of TCP: all that the connection showed in this direction' })
  tcpFlags: string[];
  @ApiPropertyOptional({
    description: 'Of TCP, of who asked: microseconds from its SYN to the answer, at this port',
  })
  destinationRttUs?: number;
  @ApiPropertyOptional({ description: 'The same: from the answer to its acknowledgement' })
  sourceRttUs?: number;
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() hostName: string;
  @ApiProperty() underservice: string;
  @ApiProperty() port: string;
  @ApiProperty({ enum: DIRECTIONS }) direction: Direction;
}

export class SilentHostDto {
  @ApiProperty() hostName: string;
  @ApiProperty() why: string;
}

export class FlowsDto {
  @ApiProperty({ type: [FlowDto], description: 'Those with the most bytes first' }) flows: FlowDto[];
  @ApiProperty({ description: 'How many flows the asked probes remember' }) known: number;
  @ApiProperty({ type: [SilentHostDto], description: 'Hosts that could not say what they see' })
  silent: SilentHostDto[];
}
