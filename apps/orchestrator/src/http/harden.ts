import type { NestExpressApplication } from '@nestjs/platform-express';
import { LARGEST_PACKAGE } from '@underware/plugin';
import { existsSync } from 'node:fs';
import type { Server, ServerResponse } from 'node:http';
import { join } from 'node:path';
import type { ApiRequest } from './authenticate.js';

const LARGEST_TEXT = 1_048_576;

/** Bodies are read after the caller is known, by their type, up to a size. */
export function readBodies(app: NestExpressApplication): void {
  // A descriptor within JSON takes more bytes than by itself.
  app.useBodyParser('json', { limit: 2 * LARGEST_TEXT, strict: true });
  const yaml = ['application/yaml', 'application/x-yaml', 'text/yaml', 'text/x-yaml', 'text/plain'];
  app.useBodyParser('text', { limit: LARGEST_TEXT, type: yaml });
  app.useBodyParser('raw', { limit: LARGEST_PACKAGE, type: 'application/octet-stream' });
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
