import { ApiProperty } from '@nestjs/swagger';
import type { BtfValue } from '@underware/core';
import { IsDefined } from 'class-validator';

export class MapDto {
  @ApiProperty() name: string;
  @ApiProperty({ enum: ['config', 'state', 'telemetry'] }) role: string;
  @ApiProperty({ enum: ['instance', 'service', 'host'], description: 'Who has the same map' }) scope: string;
  @ApiProperty() description: string;
  @ApiProperty({ description: 'As libbpf calls it: hash, percpu_array, …' }) type: string;
  @ApiProperty() maxEntries: number;
  @ApiProperty({ description: 'Its values are shown added up over the CPUs' }) perCpu: boolean;
  @ApiProperty({ description: 'Kernel memory' }) memoryBytes: number;
}

export class MapRowDto {
  @ApiProperty({ description: 'By the names of its fields, or a number' }) key: unknown;
  @ApiProperty({ description: 'The same. Bytes are hex, numbers beyond 2^53 decimal text' }) value: unknown;
}

export class MapPageDto {
  @ApiProperty({ type: [MapRowDto] }) rows: MapRowDto[];
  @ApiProperty({ description: 'There are more behind them' }) more: boolean;
}

export class MapEntryRequest {
  @ApiProperty({
    description: 'As it is read',
    oneOf: [
      { type: 'object', additionalProperties: true },
      { type: 'array', items: {} },
      { type: 'number' },
      { type: 'string' },
      { type: 'boolean' },
    ],
  })
  @IsDefined()
  value: BtfValue;
}
