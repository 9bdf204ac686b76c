import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';

export class ConnectionEndDto {
  @ApiProperty() address: string;
  @ApiProperty({ description: 'Of ICMP the identifier of the echo' }) port: number;
  @ApiPropertyOptional({ description: 'Of the port of the service that has the address' }) name?: string;
}

export class ConnectionWayDto {
  @ApiProperty() packets: number;
  @ApiProperty() bytes: number;
}

export class ConnectionDto {
  @ApiProperty({ format: 'uuid' }) host: string;
  @ApiProperty({ description: 'The firewall that knows it' }) underservice: string;
  @ApiProperty() protocol: string;
  @ApiProperty() state: string;
  @ApiProperty({ type: ConnectionEndDto, description: 'Who opened it' }) from: ConnectionEndDto;
  @ApiProperty({ type: ConnectionEndDto }) to: ConnectionEndDto;
  @ApiProperty({ type: ConnectionWayDto }) asked: ConnectionWayDto;
  @ApiProperty({ type: ConnectionWayDto }) answered: ConnectionWayDto;
  @ApiProperty({ description: 'The rule that allowed it' }) rule: string;
  @ApiProperty() ageSeconds: number;
  @ApiProperty({ description: 'Since its last packet' }) idleSeconds: number;
}

export class ConnectionsDto {
  @ApiProperty({ type: [ConnectionDto] }) connections: ConnectionDto[];
  @ApiProperty({ description: 'There are more behind them' }) more: boolean;
}

export class FlushedDto {
  @ApiProperty({ description: 'Connections that were forgotten' }) flushed: number;
}
