import type { NestExpressApplication } from '@nestjs/platform-express';
import { LARGEST_PACKAGE } from '@underware/plugin';
import { existsSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ApiRequest } from './api-request.js';
import { mediaTypeOf, YAML_TYPES, ZIP_TYPE } from './media-types.js';

/** Of a descriptor of one file, in characters. */
export const LARGEST_TEXT = 1_048_576;
/** Of a descriptor of several files, packed, in bytes. */
export const LARGEST_CSAR = 16 * 1_048_576;
/** What it takes in JSON, as text to the base of 64. */
export const LARGEST_CSAR_TEXT = Math.ceil(LARGEST_CSAR / 3) * 4;

const JSON_TYPES = ['application/json'];
/** Where JSON may carry a package. */
const WITH_PACKAGE = /^\/underware\/v1\/(?:plans|validate)(?:$|\?)/;

function carriesPackage({ url = '' }: ApiRequest): boolean {
  return WITH_PACKAGE.test(url);
}

/** An agent has nothing to send: its bodies are not read, and its call is refused when its handler is known. */
function fromOperator(
  types: readonly string[],
  also: (request: ApiRequest) => boolean = () => true,
): (request: ApiRequest) => boolean {
  return (request) => {
    const type = mediaTypeOf(request.headers['content-type']);
    return (
      request.identity?.kind === 'operator' && type !== undefined && types.includes(type) && also(request)
    );
  };
}

/** Bodies are read after the caller is known, by their type, up to a size. */
export function readBodies(app: NestExpressApplication): void {
  app.useBodyParser('json', {
    limit: LARGEST_CSAR_TEXT + LARGEST_TEXT,
    strict: true,
    type: fromOperator(JSON_TYPES, carriesPackage),
  });
  // A descriptor within JSON takes more bytes than by itself.
  app.useBodyParser('json', { limit: 2 * LARGEST_TEXT, strict: true, type: fromOperator(JSON_TYPES) });
  app.useBodyParser('text', { limit: LARGEST_TEXT, type: fromOperator([...YAML_TYPES]) });
  app.useBodyParser('raw', { limit: LARGEST_CSAR, type: fromOperator([ZIP_TYPE]) });
  app.useBodyParser('raw', { limit: LARGEST_PACKAGE, type: fromOperator(['application/octet-stream']) });
}

/** A caller that sends its request slower than this is cut off. */
export function boundTimes(server: Server): void {
  server.headersTimeout = 10_000;
  server.requestTimeout = 60_000;
  server.keepAliveTimeout = 10_000;
  server.maxConnections = 2_000;
}

const HEADERS: Record<string, string> = {
  'Content-Security-Policy':
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; worker-src 'self' blob:; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Content-Type-Options': 'nosniff',
};

export function securityHeaders(_request: ApiRequest, response: ServerResponse, next: () => void): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  next();
}

/** Serves the console where it was built: files, by GET and HEAD, and nothing that a token would have to open. */
export function serveConsole(app: NestExpressApplication, dir: string): boolean {
  if (!existsSync(join(dir, 'index.html'))) return false;
  app.useStaticAssets(dir, { index: 'index.html' });
  return true;
}
