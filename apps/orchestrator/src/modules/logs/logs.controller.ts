import { Controller, Get, Header, Param, ParseIntPipe, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';
import { LogsService } from './logs.service.js';

const DEFAULT_TAIL = 200;

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/logs')
export class LogsController {
  constructor(private readonly logs: LogsService) {}

  @Get(':nsInstanceId/:vnf')
  @Header('Content-Type', 'text/plain; charset=utf-8')
  @ApiOperation({ operationId: 'getLogs', description: 'The last lines that a VNF wrote.' })
  @ApiQuery({ name: 'tail', required: false, type: Number })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async get(
    @Param('nsInstanceId', ParseUUIDPipe) nsInstanceId: string,
    @Param('vnf') vnf: string,
    @Query('tail', new ParseIntPipe({ optional: true })) tail = DEFAULT_TAIL,
  ): Promise<string> {
    return this.logs.get(nsInstanceId, vnf, tail);
  }
}
