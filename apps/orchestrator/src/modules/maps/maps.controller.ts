import {
  Body,
  Controller,
  Delete,
  Get,
  HttpCode,
  Param,
  ParseIntPipe,
  ParseUUIDPipe,
  Put,
  Query,
} from '@nestjs/common';
import { ApiNoContentResponse, ApiOkResponse, ApiOperation, ApiQuery, ApiTags } from '@nestjs/swagger';
import { ApiResource, Audited } from '../../http/api.js';
import { MapDto, MapEntryRequest, MapPageDto, MapRowDto } from './maps.dto.js';
import { MapsService } from './maps.service.js';

const ENTRY = 'The key is JSON, by the names of its fields, as it is read.';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/service_instances/:nsInstanceId/plugin_instances/:key/maps')
export class MapsController {
  constructor(private readonly maps: MapsService) {}

  @Get()
  @ApiOperation({
    operationId: 'listMaps',
    description: 'The maps of a plugin instance, asked of its kernel.',
  })
  @ApiOkResponse({ type: [MapDto] })
  async list(@Param('nsInstanceId', ParseUUIDPipe) id: string, @Param('key') key: string): Promise<MapDto[]> {
    return this.maps.list(id, key);
  }

  @Get(':map')
  @ApiOperation({
    operationId: 'readMap',
    description: 'Entries in the order of the map. Packets go on meanwhile: pages are no snapshot.',
  })
  @ApiQuery({ name: 'offset', required: false, type: Number })
  @ApiQuery({ name: 'limit', required: false, type: Number })
  @ApiOkResponse({ type: MapPageDto })
  async read(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Param('key') key: string,
    @Param('map') map: string,
    @Query('offset', new ParseIntPipe({ optional: true })) offset?: number,
    @Query('limit', new ParseIntPipe({ optional: true })) limit?: number,
  ): Promise<MapPageDto> {
    return this.maps.read(id, key, map, { offset, limit });
  }

  @Get(':map/entries/:entry')
  @ApiOperation({ operationId: 'getMapEntry', description: ENTRY })
  @ApiOkResponse({ type: MapRowDto })
  async get(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Param('key') key: string,
    @Param('map') map: string,
    @Param('entry') entry: string,
  ): Promise<MapRowDto> {
    return this.maps.get(id, key, map, entry);
  }

  @Put(':map/entries/:entry')
  @HttpCode(204)
  @Audited('map.set')
  @ApiOperation({
    operationId: 'setMapEntry',
    description: `${ENTRY} Maps of role config are refused with 409: they are fixed for the life of a revision.`,
  })
  @ApiNoContentResponse()
  async set(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Param('key') key: string,
    @Param('map') map: string,
    @Param('entry') entry: string,
    @Body() { value }: MapEntryRequest,
  ): Promise<void> {
    await this.maps.set(id, key, map, entry, value);
  }

  @Delete(':map/entries/:entry')
  @HttpCode(204)
  @Audited('map.delete')
  @ApiOperation({
    operationId: 'deleteMapEntry',
    description: `${ENTRY} An entry of an array becomes zeros. Maps of role config are refused with 409.`,
  })
  @ApiNoContentResponse()
  async delete(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Param('key') key: string,
    @Param('map') map: string,
    @Param('entry') entry: string,
  ): Promise<void> {
    await this.maps.delete(id, key, map, entry);
  }
}
