import type { PluginManifest, PluginRequirements } from '@underware/core';
import { ApiProperty } from '@nestjs/swagger';

export class Plugin {
  @ApiProperty({ description: 'sha256:<64 hex> of the signed manifest' }) digest: string;
  @ApiProperty() name: string;
  @ApiProperty() version: string;
  @ApiProperty() summary: string;
  @ApiProperty({ description: 'Underservice that it implements' }) implements: string;
  @ApiProperty({ description: 'Trusted key that signed it' }) keyId: string;
  @ApiProperty() size: number;
  @ApiProperty({ format: 'date-time' }) onboardedAt: string;
  @ApiProperty({ type: 'object', additionalProperties: true }) manifest: PluginManifest;
  @ApiProperty({ description: 'Derived from its object', type: 'object', additionalProperties: true })
  requirements: PluginRequirements;
}
