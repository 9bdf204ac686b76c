import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { DIRECTIONS } from '@underware/core';
import type { Direction } from '@underware/core';
import { MOST_CAPTURED } from '@underware/jobs';
import { IsIn, IsInt, IsOptional, IsString, Max, MaxLength, Min, MinLength } from 'class-validator';
import { OneLine } from '../../http/bounded.js';

export class CaptureRequest {
  @ApiProperty({ description: 'Name of a port of the descriptor, or the device of an uplink' })
  @IsString()
  @MinLength(1)
  @MaxLength(256)
  @OneLine()
  port: string;

  @ApiPropertyOptional({ enum: DIRECTIONS, description: 'Seen from the owner of the port; default both' })
  @IsOptional()
  @IsIn(DIRECTIONS)
  direction?: Direction;

  @ApiPropertyOptional({ description: 'One of so many packets, by chance; default every one', default: 1 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(1_000_000)
  every?: number;

  @ApiPropertyOptional({ description: 'Bytes of each packet', default: MOST_CAPTURED.snap })
  @IsOptional()
  @IsInt()
  @Min(14)
  @Max(MOST_CAPTURED.snap)
  snap?: number;

  @ApiPropertyOptional({ description: 'It ends with so many packets', default: 100 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_CAPTURED.packets)
  count?: number;

  @ApiPropertyOptional({ description: 'Or after so many seconds', default: 10 })
  @IsOptional()
  @IsInt()
  @Min(1)
  @Max(MOST_CAPTURED.seconds)
  seconds?: number;
}
