import { Body, Controller, HttpCode, Param, ParseUUIDPipe, Post, Res, StreamableFile } from '@nestjs/common';
import { ApiOkResponse, ApiOperation, ApiProduces, ApiTags } from '@nestjs/swagger';
import type { ServerResponse } from 'node:http';
import { ApiResource, Audited } from '../../http/api.js';
import { CaptureRequest } from './captures.dto.js';
import { CapturesService } from './captures.service.js';

@ApiTags('underware')
@ApiResource()
@Controller('underware/v1/service_instances')
export class CapturesController {
  constructor(private readonly captures: CapturesService) {}

  /** Audited: it shows what VNFs say to whom. */
  @Post(':nsInstanceId/capture')
  @HttpCode(200)
  @Audited('service-instance.capture')
  @ApiOperation({
    operationId: 'capturePackets',
    description:
      'Packets as they pass the probes of a port, as a pcapng file. The probe must have `capture: true`. Answers when there are enough or the time is over.',
  })
  @ApiProduces('application/x-pcapng')
  @ApiOkResponse({
    schema: { type: 'string', format: 'binary' },
    headers: {
      'Underware-Packets': { schema: { type: 'integer' }, description: 'How many are in the file' },
      'Underware-Lost': { schema: { type: 'integer' }, description: 'How many more were to be in it' },
    },
  })
  async capture(
    @Param('nsInstanceId', ParseUUIDPipe) id: string,
    @Body() request: CaptureRequest,
    @Res({ passthrough: true }) response: ServerResponse,
  ): Promise<StreamableFile> {
    const { bytes, packets, lost } = await this.captures.capture(id, request);
    response.setHeader('Underware-Packets', packets);
    response.setHeader('Underware-Lost', lost);
    return new StreamableFile(bytes, { type: 'application/x-pcapng' });
  }
}
