import { Global, Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import { API_MODULES } from './app.module.js';
import { Configuration } from './configuration.js';
import { apiDocument } from './http/document.js';
import { LOG } from './log.js';
import { Uptime } from './uptime.js';

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

/** Prints the API's OpenAPI document. */
const app = await NestFactory.create(DocumentModule, {
  preview: true,
  logger: ['error'],
  abortOnError: false,
});
process.stdout.write(`${JSON.stringify(apiDocument(app), null, 2)}\n`);
