import { Controller, Get, Param, ParseIntPipe, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';
import { FlowsDto } from './flows.dto.js';
import { FlowsService } from './flows.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/flows')
export class FlowsController {
  constructor(private readonly flows: FlowsService) {}

  @Get(':nsInstanceId')
  @ApiOperation({
    operationId: 'listFlows',
    description: 'The flows with the most bytes, asked of the probes of the service as they are now.',
  })
  @ApiQuery({ name: 'top', required: false, type: Number })
  @ApiQuery({ name: 'port', required: false, description: 'Name of a port: only of probes there' })
  @ApiOkResponse({ type: FlowsDto })
  async top(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Query('top', new ParseIntPipe({ optional: true })) top?: number,
    @Query('port') port?: string,
  ): Promise<FlowsDto> {
    return this.flows.top(id, top, port);
  }
}
