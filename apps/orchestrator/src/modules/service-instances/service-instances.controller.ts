import { Body, Controller, Delete, Get, HttpCode, Param, ParseUUIDPipe, Post, Req } from '@nestjs/common';
import {
  ApiAcceptedResponse,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiTags,
} from '@nestjs/swagger';
import { ApiResource, Audited } from '../../http/api.js';
import { actorOf } from '../../http/api-request.js';
import type { ApiRequest } from '../../http/api-request.js';
import { Located } from '../../http/located.js';
import { OperationsService } from '../operations/operations.service.js';
import {
  CreateNsRequest,
  InstantiateNsRequest,
  NsInstance,
  ServiceInstanceSummary,
  ServiceInstanceTree,
  TerminateNsRequest,
  UpdateNsRequest,
} from './service-instances.dto.js';
import { ServiceInstancesService } from './service-instances.service.js';
import { ServiceTreeService } from './service-tree.service.js';

@ApiTags('nslcm')
@ApiResource()
@Controller('nslcm/v1/ns_instances')
export class ServiceInstancesController {
  constructor(
    private readonly instances: ServiceInstancesService,
    private readonly operations: OperationsService,
  ) {}

  @Get()
  @ApiOperation({ operationId: 'listNsInstances' })
  @ApiOkResponse({ type: [NsInstance] })
  async list(): Promise<NsInstance[]> {
    return this.instances.list();
  }

  @Post()
  @Audited('service-instance.create')
  @ApiOperation({ operationId: 'createNsInstance' })
  @ApiCreatedResponse({ type: NsInstance })
  async create(@Body() request: CreateNsRequest): Promise<Located<NsInstance>> {
    const created = await this.instances.create(request);
    return new Located(created, created._links.self.href);
  }

  @Get(':nsInstanceId')
  @ApiOperation({ operationId: 'getNsInstance' })
  @ApiOkResponse({ type: NsInstance })
  async get(@Param('nsInstanceId', ParseUUIDPipe) id: string): Promise<NsInstance> {
    return this.instances.get(id);
  }

  @Delete(':nsInstanceId')
  @HttpCode(204)
  @Audited('service-instance.delete')
  @ApiOperation({ operationId: 'deleteNsInstance' })
  @ApiNoContentResponse()
  async delete(@Param('nsInstanceId', ParseUUIDPipe) id: string): Promise<void> {
    await this.instances.delete(id);
  }

  @Post(':nsInstanceId/instantiate')
  @HttpCode(202)
  @Audited('service-instance.instantiate')
  @ApiOperation({ operationId: 'instantiateNs', description: 'Location is the operation that was started.' })
  @ApiAcceptedResponse({ headers: { Location: { schema: { type: 'string' } } } })
  async instantiate(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Body() request: InstantiateNsRequest,
    @Req() call: ApiRequest,
  ): Promise<Located<undefined>> {
    const inputs = request.additionalParamsForNs?.inputs ?? {};
    return new Located(undefined, await this.operations.instantiate(id, inputs, actorOf(call)));
  }

  @Post(':nsInstanceId/update')
  @HttpCode(202)
  @Audited('service-instance.update')
  @ApiOperation({
    operationId: 'updateNs',
    description:
      'Plans it again: VNFs, addresses and versions of plugins stay where they may. Location is the operation that was started.',
  })
  @ApiAcceptedResponse({ headers: { Location: { schema: { type: 'string' } } } })
  async update(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Body() { assocNewNsdVersionData, additionalParamsForNs }: UpdateNsRequest,
    @Req() call: ApiRequest,
  ): Promise<Located<undefined>> {
    const nsdId = assocNewNsdVersionData?.newNsdId;
    const wanted = {
      ...(nsdId === undefined ? {} : { nsdId }),
      ...(additionalParamsForNs?.inputs === undefined ? {} : { inputs: additionalParamsForNs.inputs }),
    };
    return new Located(undefined, await this.operations.update(id, wanted, actorOf(call)));
  }

  @Post(':nsInstanceId/terminate')
  @HttpCode(202)
  @Audited('service-instance.terminate')
  @ApiOperation({ operationId: 'terminateNs', description: 'Location is the operation that was started.' })
  @ApiAcceptedResponse({ headers: { Location: { schema: { type: 'string' } } } })
  async terminate(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Body() _request: TerminateNsRequest,
    @Req() call: ApiRequest,
  ): Promise<Located<undefined>> {
    return new Located(undefined, await this.operations.terminate(id, actorOf(call)));
  }
}

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/service_instances')
export class ServiceTreesController {
  constructor(private readonly trees: ServiceTreeService) {}

  @Get()
  @ApiOperation({
    operationId: 'listServices',
    description: 'Every service instance, and what is not as it must be of those that run.',
  })
  @ApiOkResponse({ type: [ServiceInstanceSummary] })
  async list(): Promise<ServiceInstanceSummary[]> {
    return this.trees.list();
  }

  @Get(':nsInstanceId')
  @ApiOperation({
    operationId: 'getServiceTree',
    description: 'Graph, placements, chains with their hops and live counters, workloads.',
  })
  @ApiOkResponse({ type: ServiceInstanceTree })
  async get(@Param('nsInstanceId', ParseUUIDPipe) id: string): Promise<ServiceInstanceTree> {
    return this.trees.get(id);
  }
}
