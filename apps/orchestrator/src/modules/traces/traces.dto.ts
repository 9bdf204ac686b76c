import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DIRECTIONS, VERDICTS } from '@underware/core';
import type { Direction, Verdict } from '@underware/core';
import { IsIn, IsMACAddress, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { OneLine } from '../../http/bounded.js';

export class TraceRequest {
  @ApiProperty({ description: 'Name of a port of the descriptor, or the device of an uplink' })
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  @OneLine()
  port: string;

  @ApiPropertyOptional({ enum: DIRECTIONS, description: 'Seen from the owner of the port; default inbound' })
  @IsOptional()
  @IsIn(DIRECTIONS)
  direction?: Direction;

  @ApiProperty({
    description:
      'PROTOCOL SOURCE > DESTINATION [FLAGS], e.g. tcp 192.0.2.7:40000 > web_port:23 [syn]; an end is an address or the name of a port',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(512)
  @OneLine()
  packet: string;

  @ApiPropertyOptional({
    description:
      'Ethernet address that it is sent to; default that of the next one on its way, where it is known',
  })
  @IsOptional()
  @IsMACAddress({ no_separators: false })
  destinationMac?: string;
}

/** What an instance counted about the packet. */
export class TraceCounterDto {
  @ApiProperty() map: string;
  @ApiProperty({ description: 'In the words of the author of the descriptor, or of the plugin' })
  name: string;
  @ApiProperty() packets: number;
}

export class TraceHopDto {
  @ApiProperty({ description: 'Name of the port; of another service, its device' }) port: string;
  @ApiProperty() device: string;
  @ApiProperty({ enum: ['xdp', 'xdp/egress', 'tcx/ingress', 'tcx/egress'] }) hook: string;
  @ApiProperty({ description: 'Key of the plugin instance' }) key: string;
  @ApiProperty() underservice: string;
  @ApiProperty({ description: 'name@version' }) plugin: string;
  @ApiProperty({ enum: VERDICTS }) verdict: Verdict;
  @ApiProperty({ type: [TraceCounterDto], description: 'Rules and counters that the packet met' })
  counters: TraceCounterDto[];
  @ApiProperty({ description: 'Whether it altered the packet' }) altered: boolean;
  @ApiProperty({ description: 'The packet as it left the hop, in words' }) packet: string;
  @ApiProperty({ description: 'The same in hex, from its Ethernet header on' }) frame: string;
}

export class TraceDto {
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty() port: string;
  @ApiProperty() device: string;
  @ApiProperty({ enum: DIRECTIONS }) direction: Direction;
  @ApiProperty({ enum: ['xdp', 'xdp/egress', 'tcx/ingress', 'tcx/egress'] }) hook: string;
  @ApiProperty({ description: 'The packet as the chain met it, in words' }) packet: string;
  @ApiProperty({ description: 'The same in hex' }) frame: string;
  @ApiProperty({ enum: VERDICTS, description: 'Of the whole chain' }) verdict: Verdict;
  @ApiProperty({ type: [TraceHopDto], description: 'In the order in which the packet met them' })
  hops: TraceHopDto[];
}
