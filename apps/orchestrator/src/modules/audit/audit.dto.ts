import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { ErrorReportDto } from '../../http/dto.js';

export class AuditEntry {
  @ApiProperty() id: string;
  @ApiProperty({ format: 'date-time' }) at: string;
  @ApiProperty({ description: 'Name of the token, or `host <name>`' }) actor: string;
  @ApiProperty() action: string;
  @ApiProperty() object: string;
  @ApiProperty({
    description: '`done`, the code of the error that refused it, or `begun` while its end is not kept',
  })
  outcome: string;
  @ApiPropertyOptional({ type: ErrorReportDto }) report?: ErrorReportDto;
}
