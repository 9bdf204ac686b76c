import { Controller, Get, Param, ParseIntPipe, ParseUUIDPipe, Query } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';
import { PacketEventDto } from './packet-events.dto.js';
import { PacketEventsService } from './packet-events.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/packet_events')
export class PacketEventsController {
  constructor(private readonly events: PacketEventsService) {}

  @Get(':nsInstanceId')
  @ApiOperation({
    operationId: 'listPacketEvents',
    description:
      'What plugins of a service reported of packets: the first packet of a flow, a packet that a rule with `log` decided. ' +
      'The newest ones, oldest first; older ones are forgotten.',
  })
  @ApiQuery({ name: 'limit', required: false, type: Number })
  @ApiQuery({ name: 'after', required: false, description: 'Id of the last one that is known' })
  @ApiOkResponse({ type: [PacketEventDto] })
  async list(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Query('limit', new ParseIntPipe({ optional: true })) limit?: number,
    @Query('after') after?: string,
  ): Promise<PacketEventDto[]> {
    return this.events.list(id, limit, after);
  }
}
