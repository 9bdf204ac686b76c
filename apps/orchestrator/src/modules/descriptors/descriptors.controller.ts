import {
  Body,
  Controller,
  Delete,
  Get,
  Header,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Put,
  Query,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiTags,
} from '@nestjs/swagger';
import { ApiResource, Audited } from '../../http/api.js';
import { Located } from '../../http/located.js';
import { CreateNsdInfoRequest, NsdInfo, NsdInfoModifications } from './descriptors.dto.js';
import { DescriptorsService } from './descriptors.service.js';

@ApiTags('nsd')
@ApiResource()
@Controller('nsd/v1/ns_descriptors')
export class DescriptorsController {
  constructor(private readonly descriptors: DescriptorsService) {}

  @Get()
  @ApiOperation({ operationId: 'listDescriptors' })
  @ApiOkResponse({ type: [NsdInfo] })
  async list(): Promise<NsdInfo[]> {
    return this.descriptors.list();
  }

  @Post()
  @Audited('descriptor.create')
  @ApiOperation({ operationId: 'createDescriptor' })
  @ApiCreatedResponse({ type: NsdInfo })
  async create(@Body() request: CreateNsdInfoRequest): Promise<Located<NsdInfo>> {
    const created = await this.descriptors.create(request);
    return new Located(created, created._links.self.href);
  }

  @Get(':nsdInfoId')
  @ApiOperation({ operationId: 'getDescriptor' })
  @ApiOkResponse({ type: NsdInfo })
  async get(@Param('nsdInfoId', ParseUUIDPipe) id: string): Promise<NsdInfo> {
    return this.descriptors.get(id);
  }

  @Patch(':nsdInfoId')
  @Audited('descriptor.modify')
  @ApiOperation({ operationId: 'modifyDescriptor' })
  @ApiOkResponse({ type: NsdInfoModifications })
  async modify(
    @Param('nsdInfoId', ParseUUIDPipe) id: string,
    @Body() change: NsdInfoModifications,
  ): Promise<NsdInfoModifications> {
    return this.descriptors.modify(id, change);
  }

  @Delete(':nsdInfoId')
  @HttpCode(204)
  @Audited('descriptor.delete')
  @ApiOperation({ operationId: 'deleteDescriptor' })
  @ApiNoContentResponse()
  async delete(@Param('nsdInfoId', ParseUUIDPipe) id: string): Promise<void> {
    await this.descriptors.delete(id);
  }

  @Get(':nsdInfoId/nsd_content')
  @Header('Content-Type', 'application/yaml; charset=utf-8')
  @ApiOperation({ operationId: 'getDescriptorContent' })
  @ApiProduces('application/yaml')
  @ApiOkResponse({ schema: { type: 'string' } })
  async content(@Param('nsdInfoId', ParseUUIDPipe) id: string): Promise<string> {
    return this.descriptors.content(id);
  }

  @Put(':nsdInfoId/nsd_content')
  @HttpCode(204)
  @Audited('descriptor.upload')
  @ApiOperation({
    operationId: 'uploadDescriptorContent',
    description: 'Compiled before it is kept: what does not compile is refused with every finding.',
  })
  @ApiConsumes('application/yaml')
  @ApiBody({ schema: { type: 'string' } })
  @ApiNoContentResponse()
  async upload(
    @Param('nsdInfoId', ParseUUIDPipe) id: string,
    @Body() content: unknown,
    @Query('file') file?: string,
  ): Promise<void> {
    await this.descriptors.upload(id, content, file);
  }
}
