import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseBoolPipe,
  ParseUUIDPipe,
  Post,
  Query,
} from '@nestjs/common';
import {
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiQuery,
  ApiTags,
} from '@nestjs/swagger';
import { ApiResource, Audited } from '../../http/api.js';
import { Located } from '../../http/located.js';
import { EnrolHostRequest, EnrolledHost, Host } from './hosts.dto.js';
import { HostsService } from './hosts.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/hosts')
export class HostsController {
  constructor(private readonly hosts: HostsService) {}

  @Get()
  @ApiOperation({ operationId: 'listHosts' })
  @ApiOkResponse({ type: [Host] })
  async list(): Promise<Host[]> {
    return this.hosts.list();
  }

  @Post()
  @Audited('host.enrol')
  @ApiOperation({
    operationId: 'enrolHost',
    description: 'The answer holds the token of its agent, this once.',
  })
  @ApiCreatedResponse({ type: EnrolledHost })
  async enrol(@Body() request: EnrolHostRequest): Promise<Located<EnrolledHost>> {
    const enrolled = await this.hosts.enrol(request);
    return new Located(enrolled, `/underware/v1/hosts/${enrolled.id}`);
  }

  @Get(':hostId')
  @ApiOperation({ operationId: 'getHost' })
  @ApiOkResponse({ type: Host })
  async get(@Param('hostId', ParseUUIDPipe) id: string): Promise<Host> {
    return this.hosts.get(id);
  }

  @Delete(':hostId')
  @HttpCode(204)
  @Audited('host.remove')
  @ApiOperation({
    operationId: 'removeHost',
    description:
      'With `force` also a host that holds something and is gone for good; what it holds it keeps.',
  })
  @ApiQuery({ name: 'force', required: false, type: Boolean })
  @ApiNoContentResponse()
  async remove(
    @Param('hostId', ParseUUIDPipe) id: string,
    @Query('force', new ParseBoolPipe({ optional: true })) force = false,
  ): Promise<void> {
    await this.hosts.remove(id, force);
  }
}
