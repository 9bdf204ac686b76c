import { Controller, Get, ParseUUIDPipe, Query, Req, Res } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { ApiResource } from '../../http/api.js';
import { EventsService } from './events.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/events')
export class EventsController {
  constructor(private readonly events: EventsService) {}

  @Get()
  @ApiOperation({
    operationId: 'followEvents',
    description:
      'Server-sent events: `operation` (NsLcmOpOcc), `step` (StepDto, with the id of its operation unless a host mended something by itself), `host` (Host), `telemetry` (chains, instances and ' +
      'workloads of one host), `packet` (PacketEventDto). What happened before the call is not told: read the resource after the stream opened.',
  })
  @ApiQuery({ name: 'service', required: false, description: 'Only of this service instance' })
  @ApiQuery({ name: 'operation', required: false, description: 'Only of this operation' })
  @ApiProduces('text/event-stream')
  @ApiOkResponse({ schema: { type: 'string' } })
  follow(
    @Req() request: IncomingMessage,
    @Res() response: ServerResponse,
    @Query('service', new ParseUUIDPipe({ optional: true })) service?: string,
    @Query('operation', new ParseUUIDPipe({ optional: true })) operation?: string,
  ): void {
    this.events.follow(request, response, { service, operation });
  }
}
