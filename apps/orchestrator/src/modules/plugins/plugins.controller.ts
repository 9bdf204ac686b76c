import { Body, Controller, Delete, Get, HttpCode, Param, Post, StreamableFile } from '@nestjs/common';
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
import { ApiResource, Audited, ForHosts } from '../../http/api.js';
import { Located } from '../../http/located.js';
import { Plugin } from './plugins.dto.js';
import { PluginsService } from './plugins.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/plugins')
export class PluginsController {
  constructor(private readonly plugins: PluginsService) {}

  @Get()
  @ApiOperation({ operationId: 'listPlugins' })
  @ApiOkResponse({ type: [Plugin] })
  async list(): Promise<Plugin[]> {
    return this.plugins.list();
  }

  @Post()
  @Audited('plugin.onboard')
  @ApiOperation({
    operationId: 'onboardPlugin',
    description: 'The same package again is answered as the first time.',
  })
  @ApiConsumes('application/octet-stream')
  @ApiBody({ schema: { type: 'string', format: 'binary' } })
  @ApiCreatedResponse({ type: Plugin })
  async onboard(@Body() bytes: unknown): Promise<Located<Plugin>> {
    const plugin = await this.plugins.onboard(bytes);
    return new Located(plugin, `/underware/v1/plugins/${plugin.digest}`);
  }

  @Get(':digest')
  @ApiOperation({ operationId: 'getPlugin' })
  @ApiOkResponse({ type: Plugin })
  async get(@Param('digest') digest: string): Promise<Plugin> {
    return this.plugins.get(digest);
  }

  @Delete(':digest')
  @HttpCode(204)
  @Audited('plugin.remove')
  @ApiOperation({
    operationId: 'removePlugin',
    description: 'Refused while a service instance that is or is becoming something uses it.',
  })
  @ApiNoContentResponse()
  async remove(@Param('digest') digest: string): Promise<void> {
    await this.plugins.remove(digest);
  }

  @Get(':digest/package')
  @ForHosts()
  @ApiOperation({ operationId: 'getPluginPackage' })
  @ApiProduces('application/octet-stream')
  @ApiOkResponse({ schema: { type: 'string', format: 'binary' } })
  async package(@Param('digest') digest: string): Promise<StreamableFile> {
    return new StreamableFile(await this.plugins.package(digest), { type: 'application/octet-stream' });
  }
}
