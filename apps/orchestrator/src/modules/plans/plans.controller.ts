import { Body, Controller, Get, HttpCode, Param, ParseUUIDPipe, Post } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';
import { PlanDto } from '../service-instances/service-instances.dto.js';
import { DryRunPlanDto, InventoryDto, PlanRequest, ValidateRequest, Validation } from './plans.dto.js';
import { PlansService } from './plans.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1')
export class PlansController {
  constructor(private readonly plans: PlansService) {}

  @Post('validate')
  @HttpCode(200)
  @ApiOperation({ operationId: 'validateDescriptor' })
  @ApiOkResponse({ type: Validation })
  async validate(@Body() request: ValidateRequest): Promise<Validation> {
    return this.plans.validate(request);
  }

  @Post('plans')
  @HttpCode(200)
  @ApiOperation({
    operationId: 'dryRunPlan',
    description: 'Plans for the hosts as they are now; nothing is kept.',
  })
  @ApiOkResponse({ type: DryRunPlanDto })
  async dryRun(@Body() request: PlanRequest): Promise<DryRunPlanDto> {
    return this.plans.dryRun(request);
  }

  @Get('inventory')
  @ApiOperation({
    operationId: 'getInventory',
    description: 'All hosts and plugins as planning sees them now, to plan elsewhere.',
  })
  @ApiOkResponse({ type: InventoryDto })
  async inventory(): Promise<InventoryDto> {
    return this.plans.inventory();
  }

  @Get('plans/:nsInstanceId')
  @ApiOperation({
    operationId: 'getPlan',
    description: 'The plan in force of a service instance; of one that ended, the newest.',
  })
  @ApiOkResponse({ type: PlanDto })
  async get(@Param('nsInstanceId', ParseUUIDPipe) nsInstanceId: string): Promise<PlanDto> {
    return this.plans.get(nsInstanceId);
  }
}
