import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Put } from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiResource, Audited } from '../../http/api.js';
import { HostResidencyReport, HostResidencyRequest } from './residency.dto.js';
import { ResidencyService } from './residency.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1')
export class ResidencyController {
  constructor(private readonly residency: ResidencyService) {}

  @Get('residency')
  @ApiOperation({
    operationId: 'explainResidency',
    description: 'Of every host: what is loaded without a user, until when, and why.',
  })
  @ApiOkResponse({ type: [HostResidencyReport] })
  async explain(): Promise<HostResidencyReport[]> {
    return this.residency.explain();
  }

  @Put('hosts/:hostId/residency')
  @HttpCode(204)
  @Audited('host.residency')
  @ApiOperation({
    operationId: 'setHostResidency',
    description: 'What is held already goes or stays as the policy has it from now on; what is in use stays.',
  })
  @ApiNoContentResponse()
  async set(
    @Param('hostId', ParseUUIDPipe) id: string,
    @Body() request: HostResidencyRequest,
  ): Promise<void> {
    await this.residency.set(id, request);
  }
}
