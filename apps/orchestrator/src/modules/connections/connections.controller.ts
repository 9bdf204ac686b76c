import {
  applyDecorators,
  Controller,
  Delete,
  Get,
  Param,
  ParseBoolPipe,
  ParseEnumPipe,
  ParseIntPipe,
  ParseUUIDPipe,
  Query,
} from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import type { ConnectionFilter } from '@underware/jobs';
import { ApiResource, Audited } from '../../http/api.js';
import { ConnectionsDto, FlushedDto } from './connections.dto.js';
import { ConnectionsService } from './connections.service.js';

const PROTOCOLS = { tcp: 'tcp', udp: 'udp', icmp: 'icmp' } as const;

/** Which connections are meant; what is not given is any. */
const Filtered = (): MethodDecorator =>
  applyDecorators(
    ApiQuery({
      name: 'underservice',
      required: false,
      description: 'Of one firewall; default all of the service',
    }),
    ApiQuery({ name: 'address', required: false, description: 'Of either end' }),
    ApiQuery({ name: 'port', required: false, type: Number, description: 'Of either end' }),
    ApiQuery({ name: 'protocol', required: false, enum: PROTOCOLS }),
  );

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/service_instances/:nsInstanceId/connections')
export class ConnectionsController {
  constructor(private readonly connections: ConnectionsService) {}

  @Get()
  @Filtered()
  @ApiOperation({
    operationId: 'listConnections',
    description:
      'Connections that firewalls of the service know, asked of the kernels. Offset and limit count on each host; packets go on meanwhile, so that pages are no snapshot.',
  })
  @ApiQuery({ name: 'offset', required: false, type: Number })
  @ApiQuery({ name: 'limit', required: false, type: Number })
  @ApiOkResponse({ type: ConnectionsDto })
  async list(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Query('underservice') underservice?: string,
    @Query('address') address?: string,
    @Query('port', new ParseIntPipe({ optional: true })) port?: number,
    @Query('protocol', new ParseEnumPipe(PROTOCOLS, { optional: true })) protocol?: string,
    @Query('offset', new ParseIntPipe({ optional: true })) offset?: number,
    @Query('limit', new ParseIntPipe({ optional: true })) limit?: number,
  ): Promise<ConnectionsDto> {
    const filter = filterOf(address, port, protocol);
    return this.connections.list(id, underservice, filter, { offset, limit });
  }

  @Delete()
  @Filtered()
  @Audited('connections.flush')
  @ApiOperation({
    operationId: 'flushConnections',
    description:
      'Forgets connections: their packets are judged by the rules again, as if they had just begun.',
  })
  @ApiQuery({
    name: 'all',
    required: false,
    type: Boolean,
    description: 'Needed where nothing else says which',
  })
  @ApiOkResponse({ type: FlushedDto })
  async flush(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Query('underservice') underservice?: string,
    @Query('address') address?: string,
    @Query('port', new ParseIntPipe({ optional: true })) port?: number,
    @Query('protocol', new ParseEnumPipe(PROTOCOLS, { optional: true })) protocol?: string,
    @Query('all', new ParseBoolPipe({ optional: true })) all?: boolean,
  ): Promise<FlushedDto> {
    return this.connections.flush(id, underservice, filterOf(address, port, protocol), all === true);
  }
}

/** The protocol was checked by its pipe. */
function filterOf(
  address: string | undefined,
  port: number | undefined,
  protocol: string | undefined,
): ConnectionFilter {
  const known = Object.values(PROTOCOLS).find((each) => each === protocol);
  return {
    ...(address === undefined ? {} : { address }),
    ...(port === undefined ? {} : { port }),
    ...(known === undefined ? {} : { protocol: known }),
  };
}
