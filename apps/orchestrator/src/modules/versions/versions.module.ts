import { Controller, Get, Module } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProperty, ApiTags } from '@nestjs/swagger';
import { ApiResource } from '../../http/api.js';

export class ApiVersion {
  @ApiProperty() version: string;
}

/** SOL013 ApiVersionInformation. */
export class ApiVersionInformation {
  @ApiProperty() uriPrefix: string;
  @ApiProperty({ type: [ApiVersion] }) apiVersions: ApiVersion[];
}

/** The version of SOL005 whose shapes are served. */
const VERSION = '2.6.1';

@ApiTags('versions')
@ApiResource()
@Controller()
export class VersionsController {
  @Get(['nsd/api_versions', 'nsd/v1/api_versions'])
  @ApiOperation({ operationId: 'nsdVersions' })
  @ApiOkResponse({ type: ApiVersionInformation })
  nsd(): ApiVersionInformation {
    return { uriPrefix: '/nsd/v1', apiVersions: [{ version: VERSION }] };
  }

  @Get(['nslcm/api_versions', 'nslcm/v1/api_versions'])
  @ApiOperation({ operationId: 'nslcmVersions' })
  @ApiOkResponse({ type: ApiVersionInformation })
  nslcm(): ApiVersionInformation {
    return { uriPrefix: '/nslcm/v1', apiVersions: [{ version: VERSION }] };
  }
}

@Module({ controllers: [VersionsController] })
export class VersionsModule {}
