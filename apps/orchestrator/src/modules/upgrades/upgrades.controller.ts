import { Body, Controller, HttpCode, Param, Post, Req } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { ApiResource, Audited } from '../../http/api.js';
import { actorOf } from '../../http/api-request.js';
import type { ApiRequest } from '../../http/api-request.js';
import { PluginUpgrade, UpgradeRequest } from './upgrades.dto.js';
import { UpgradesService } from './upgrades.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/plugins')
export class UpgradesController {
  constructor(private readonly upgrades: UpgradesService) {}

  @Post(':digest/upgrade')
  @HttpCode(200)
  @Audited('plugin.upgrade')
  @ApiOperation({
    operationId: 'upgradePlugin',
    description:
      'Brings this version to every service that has another one of the plugin: one operation of type UPDATE for each, which go on together.',
  })
  @ApiOkResponse({ type: PluginUpgrade })
  async upgrade(
    @Param('digest') digest: string,
    @Body() request: UpgradeRequest,
    @Req() call: ApiRequest,
  ): Promise<PluginUpgrade> {
    return this.upgrades.upgrade(digest, request, actorOf(call));
  }
}
