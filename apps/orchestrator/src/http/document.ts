import type { INestApplication } from '@nestjs/common';
import { DocumentBuilder, SwaggerModule } from '@nestjs/swagger';
import type { OpenAPIObject } from '@nestjs/swagger';
import { VerdictCountersDto } from '../modules/service-instances/service-instances.dto.js';
import { ProblemDetailsDto } from './dto.js';

/** The API's OpenAPI document, from which the clients are generated. */
export function apiDocument(app: INestApplication): OpenAPIObject {
  const config = new DocumentBuilder()
    .setTitle('Underware')
    .setDescription('Network services whose kernels are conditioned before their functions start.')
    .setVersion('1')
    .addBearerAuth()
    .build();
  return SwaggerModule.createDocument(app, config, { extraModels: [ProblemDetailsDto, VerdictCountersDto] });
}
