import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import { API_MODULES } from '../app.module.js';
import { Configuration } from '../configuration.js';
import { apiDocument } from './document.js';
import { LOG } from '../log.js';
import { Uptime } from '../uptime.js';

/** In preview nothing is made: the names are enough, and no database is needed. */
const providers = [Truth, Queues, Configuration, LOG, Uptime].map((provide) => ({
  provide,
  useFactory: () => undefined,
}));

@Global()
@Module({ providers, exports: [Truth, Queues, Configuration, LOG, Uptime] })
class NamesModule {}

@Module({ imports: [NamesModule, ...API_MODULES] })
class DocumentModule {}

/** The API's OpenAPI document as the file of that name holds it. */
export async function documentText(): Promise<string> {
  const app = await NestFactory.create(DocumentModule, {
    preview: true,
    logger: ['error'],
    abortOnError: false,
  });
  return `${JSON.stringify(apiDocument(app), null, 2)}\n`;
}
