import { Controller, Get, Header } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';
import { EXPOSITION_TYPE } from './exposition.js';
import { MetricsService } from './metrics.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/metrics')
export class MetricsController {
  constructor(private readonly metrics: MetricsService) {}

  @Get()
  @Header('Content-Type', EXPOSITION_TYPE)
  @ApiOperation({
    operationId: 'getMetrics',
    description:
      'For Prometheus: hosts, services, operations, plugin instances by verdict, rules by name, round trips.',
  })
  @ApiProduces('text/plain')
  @ApiOkResponse({ schema: { type: 'string' } })
  async get(): Promise<string> {
    return this.metrics.text();
  }
}
