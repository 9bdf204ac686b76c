import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';
import { TraceDto, TraceRequest } from './traces.dto.js';
import { TracesService } from './traces.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/service_instances')
export class TracesController {
  constructor(private readonly traces: TracesService) {}

  @Post(':nsInstanceId/trace')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'tracePacket',
    description:
      'What the chain of a port does with a packet, hop by hop. Nothing is sent, nothing is counted, and no connection is made: it runs through copies of the plugin instances, with what the live ones remember.',
  })
  @ApiOkResponse({ type: TraceDto })
  async trace(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Body() request: TraceRequest,
  ): Promise<TraceDto> {
    return this.traces.trace(id, request);
  }
}
