import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseUUIDPipe,
  Patch,
  Post,
  Put,
  Query,
  Req,
  Res,
  UnsupportedMediaTypeException,
} from '@nestjs/common';
import {
  ApiBody,
  ApiConsumes,
  ApiCreatedResponse,
  ApiNoContentResponse,
  ApiOkResponse,
  ApiOperation,
  ApiProduces,
  ApiQuery,
  ApiResponse,
  ApiTags,
} from '@nestjs/swagger';
import { packPackage } from '@underware/descriptor';
import type { ServerResponse } from 'node:http';
import { ApiResource, Audited } from '../../http/api.js';
import type { ApiRequest } from '../../http/api-request.js';
import { Located } from '../../http/located.js';
import { mediaTypeOf, YAML_TYPES, ZIP_TYPE } from '../../http/media-types.js';
import { answerWith, chooseType } from '../../http/representation.js';
import type { NegotiatedRequest } from '../../http/representation.js';
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
  @ApiOperation({
    operationId: 'getDescriptorContent',
    description: 'What was uploaded; a descriptor of one file also packed, where Accept asks for that.',
  })
  @ApiProduces('application/yaml', 'text/plain', 'application/zip')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiResponse({ status: 206, description: 'The range that was asked for' })
  async content(
    @Param('nsdInfoId', ParseUUIDPipe) id: string,
    @Req() request: NegotiatedRequest,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const { mediaType, bytes } = await this.descriptors.content(id);
    const type = chooseType(request, mediaType === ZIP_TYPE ? [ZIP_TYPE] : [...TEXT_TYPES, ZIP_TYPE]);
    const isPacked = type === ZIP_TYPE && mediaType !== ZIP_TYPE;
    const whole = isPacked ? await packPackage(MAIN, new Map([[MAIN, bytes]])) : bytes;
    answerWith(request, response, type, whole);
  }

  @Get(':nsdInfoId/nsd')
  @ApiOperation({ operationId: 'getDescriptorMainFile', description: 'The file to begin with, by itself.' })
  @ApiProduces('text/plain', 'application/yaml')
  @ApiOkResponse({ schema: { type: 'string' } })
  @ApiResponse({ status: 206, description: 'The range that was asked for' })
  async mainFile(
    @Param('nsdInfoId', ParseUUIDPipe) id: string,
    @Req() request: NegotiatedRequest,
    @Res() response: ServerResponse,
  ): Promise<void> {
    const bytes = await this.descriptors.mainFile(id);
    answerWith(request, response, chooseType(request, ['text/plain', 'application/yaml']), bytes);
  }

  @Put(':nsdInfoId/nsd_content')
  @HttpCode(204)
  @Audited('descriptor.upload')
  @ApiOperation({
    operationId: 'uploadDescriptorContent',
    description:
      'One file, or a CSAR of several. Compiled before it is kept: what does not compile is refused with every finding.',
  })
  @ApiConsumes('application/yaml', 'text/plain', 'application/zip')
  @ApiBody({ schema: { type: 'string' } })
  @ApiQuery({ name: 'file', required: false, description: 'Name that findings carry' })
  @ApiNoContentResponse()
  async upload(
    @Param('nsdInfoId', ParseUUIDPipe) id: string,
    @Req() request: ApiRequest,
    @Body() body: unknown,
    @Query('file') file?: string,
  ): Promise<void> {
    const type = mediaTypeOf(request.headers['content-type']);
    if (type === ZIP_TYPE) return this.descriptors.upload(id, ZIP_TYPE, bytesOf(body), file);
    if (YAML_TYPES.some((each) => each === type))
      return this.descriptors.upload(id, 'application/yaml', bytesOf(body), file);
    throw new UnsupportedMediaTypeException(
      `a descriptor comes as application/yaml or text/plain, several files as application/zip, not as ${type === '' ? 'nothing' : type}`,
    );
  }
}

/** Of a descriptor of one file that is packed. */
const MAIN = 'descriptor.yaml';
const TEXT_TYPES = ['application/yaml', 'text/plain'] as const;

/** The parser gives text or bytes, and neither for a body that is empty. */
function bytesOf(body: unknown): Uint8Array {
  if (typeof body === 'string') return Buffer.from(body);
  return Buffer.isBuffer(body) ? body : new Uint8Array();
}
