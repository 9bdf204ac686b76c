import { Controller, Get, HttpCode, Param, ParseUUIDPipe, Post, Query } from '@nestjs/common';
import { ApiAcceptedResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiResource, Audited } from '../../http/api.js';
import { NsLcmOpOcc, StepDto } from './operations.dto.js';
import { OperationsService } from './operations.service.js';

@ApiTags('nslcm')
@ApiResource()
@Controller('nslcm/v1/ns_lcm_op_occs')
export class OperationsController {
  constructor(private readonly operations: OperationsService) {}

  @Get()
  @ApiOperation({ operationId: 'listOperations' })
  @ApiQuery({ name: 'nsInstanceId', required: false })
  @ApiOkResponse({ type: [NsLcmOpOcc] })
  async list(
    @Query('nsInstanceId', new ParseUUIDPipe({ optional: true })) nsInstanceId?: string,
  ): Promise<NsLcmOpOcc[]> {
    return this.operations.list(nsInstanceId);
  }

  @Get(':nsLcmOpOccId')
  @ApiOperation({ operationId: 'getOperation' })
  @ApiOkResponse({ type: NsLcmOpOcc })
  async get(@Param('nsLcmOpOccId', ParseUUIDPipe) id: string): Promise<NsLcmOpOcc> {
    return this.operations.get(id);
  }

  @Post(':nsLcmOpOccId/retry')
  @HttpCode(202)
  @Audited('operation.retry')
  @ApiOperation({ operationId: 'retryOperation' })
  @ApiAcceptedResponse()
  async retry(@Param('nsLcmOpOccId', ParseUUIDPipe) id: string): Promise<void> {
    await this.operations.act(id, 'retry');
  }

  @Post(':nsLcmOpOccId/rollback')
  @HttpCode(202)
  @Audited('operation.rollback')
  @ApiOperation({ operationId: 'rollbackOperation' })
  @ApiAcceptedResponse()
  async rollback(@Param('nsLcmOpOccId', ParseUUIDPipe) id: string): Promise<void> {
    await this.operations.act(id, 'rollback');
  }

  @Post(':nsLcmOpOccId/fail')
  @HttpCode(202)
  @Audited('operation.fail')
  @ApiOperation({ operationId: 'failOperation' })
  @ApiAcceptedResponse()
  async fail(@Param('nsLcmOpOccId', ParseUUIDPipe) id: string): Promise<void> {
    await this.operations.act(id, 'fail');
  }
}

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/operations')
export class StepsController {
  constructor(private readonly operations: OperationsService) {}

  @Get(':nsLcmOpOccId/steps')
  @ApiOperation({
    operationId: 'listSteps',
    description: 'What the hosts did for an operation, oldest first.',
  })
  @ApiQuery({ name: 'after', required: false, description: 'Only steps with a greater id' })
  @ApiOkResponse({ type: [StepDto] })
  async steps(
    @Param('nsLcmOpOccId', ParseUUIDPipe) id: string,
    @Query('after') after?: string,
  ): Promise<StepDto[]> {
    return this.operations.steps(id, after);
  }
}
