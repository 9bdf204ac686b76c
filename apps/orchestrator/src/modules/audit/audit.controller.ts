import { Controller, Get, ParseIntPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';
import { AuditEntry } from './audit.dto.js';
import { AuditService } from './audit.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/audit')
export class AuditController {
  constructor(private readonly audit: AuditService) {}

  @Get()
  @ApiOperation({ operationId: 'listAudit', description: 'Newest first.' })
  @ApiQuery({ name: 'limit', required: false, type: Number })
  @ApiQuery({ name: 'before', required: false, description: 'Id of the last entry of the page before' })
  @ApiOkResponse({ type: [AuditEntry] })
  async list(
    @Query('limit', new ParseIntPipe({ optional: true })) limit?: number,
    @Query('before') before?: string,
  ): Promise<AuditEntry[]> {
    return this.audit.list(limit, before);
  }
}
