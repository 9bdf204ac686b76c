import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import { API_MODULES } from '../app.module.js';
import { Configuration } from '../configuration.js';
import { apiDocument } from './document.js';
import { LOG } from '../log.js';
import { Compiler } from '../modules/plans/compiler.js';
import { Uptime } from '../uptime.js';

/** In preview nothing is made: the names are enough, and no database is needed. */
const NAMES = [Truth, Queues, Configuration, LOG, Uptime, Compiler];
const providers = NAMES.map((provide) => ({
  provide,
  useFactory: () => undefined,
}));

@Global()
@Module({ providers, exports: NAMES })
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
