import { NestFactory } from '@nestjs/core';
import { ExpressAdapter } from '@nestjs/platform-express';
import type { NestExpressApplication } from '@nestjs/platform-express';
import { UnderwareError } from '@underware/core';
import { openOwnQueues } from '@underware/jobs';
import { openTruth } from '@underware/store';
import { createServer } from 'node:http';
import type { Server } from 'node:http';
import { chmod, rm } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { AppModule } from './app.module.js';
import type { Role } from './app.module.js';
import type { Configuration } from './configuration.js';
import { authenticate } from './http/authenticate.js';
import { apiDocument } from './http/document.js';
import { boundTimes, readBodies, securityHeaders, serveConsole } from './http/harden.js';
import { KnownRoutes } from './http/known-routes.js';
import { ProblemFilter } from './http/problem.filter.js';
import { refuseBadText } from './http/refuse-bad-text.js';
import { validationPipe } from './http/validation.js';
import type { Log } from './log.js';
import type { Platform } from './modules/platform.module.js';
import type { Transitions } from './modules/operations/transitions.js';
import { admitAdmin } from './modules/tokens/admin-token.js';

export interface Orchestrator {
  /** Where the API listens; undefined for a worker. */
  address: string | undefined;
  /** Finishes what runs, then lets everything go. */
  stop(): Promise<void>;
}

const CONSOLE = fileURLToPath(new URL('../../console/dist', import.meta.url));

/** Opens the truth and the queues, then starts the roles over them. */
export async function start(
  role: Role,
  configuration: Configuration,
  log: Log,
  transitions: Transitions,
): Promise<Orchestrator> {
  const closers: (() => Promise<void>)[] = [];
  const stop = async (): Promise<void> => {
    for (const close of closers.splice(0).reverse()) await close();
  };
  try {
    const truth = await openTruth(configuration.databaseUrl);
    closers.push(() => truth.close());
    const queues = await openOwnQueues(configuration.queueUrl, (error) => log.warn({ error }, 'queue'));
    closers.push(() => queues.close());
    const platform: Platform = { truth, queues, configuration, log, transitions };
    const address =
      role === 'worker' ? await startWorker(platform, closers) : await startApi(role, platform, closers);
    log.info({ role, address, queues: queues.kind }, 'started');
    return { address, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function startWorker(platform: Platform, closers: (() => Promise<void>)[]): Promise<undefined> {
  const app = await NestFactory.createApplicationContext(AppModule.of('worker', platform), {
    logger: false,
    abortOnError: false,
  });
  closers.push(() => app.close());
  await app.init();
}

async function startApi(role: Role, platform: Platform, closers: (() => Promise<void>)[]): Promise<string> {
  const { truth, configuration, log } = platform;
  const adapter = new ExpressAdapter();
  // One spelling of each path. The adapter makes the router at once, too early for the setting of that name.
  adapter.getInstance<{ router: { caseSensitive: boolean } }>().router.caseSensitive = true;
  const app = await NestFactory.create<NestExpressApplication>(AppModule.of(role, platform), adapter, {
    bodyParser: false,
    logger: false,
    abortOnError: false,
  });
  closers.push(() => app.close());
  const tokenFile = await admitAdmin(truth, configuration.stateDir);
  app.disable('x-powered-by');
  app.use(securityHeaders);
  const hasConsole = serveConsole(app, CONSOLE);
  // From here on nothing is answered without a token.
  app.use(authenticate(truth, log));
  readBodies(app);
  app.use(refuseBadText);
  app.useGlobalPipes(validationPipe());
  app.useGlobalFilters(new ProblemFilter(new KnownRoutes(apiDocument(app)), truth, log));
  const server: Server = app.getHttpServer();
  boundTimes(server);
  const { host, port } = configuration.listen;
  await app.listen(port, host).catch((cause: unknown) => {
    throw cannotListen(`${host}:${port}`, cause);
  });
  const { socket } = configuration;
  if (socket !== undefined) {
    const handler: Parameters<typeof createServer>[1] = app.getHttpAdapter().getInstance();
    closers.push(await listenOnSocket(socket, createServer(handler)));
  }
  const bound = server.address();
  const address = `http://${host.includes(':') ? `[${host}]` : host}:${typeof bound === 'object' && bound ? bound.port : port}`;
  log.info({ tokenFile, console: hasConsole, socket }, 'the API listens');
  return address;
}

/** Takes the place of a socket that a killed process left behind. */
async function listenOnSocket(path: string, server: Server): Promise<() => Promise<void>> {
  boundTimes(server);
  await rm(path, { force: true });
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) => reject(cannotListen(path, cause)));
    server.listen(path, resolve);
  });
  // For agents of this machine and this user; a VNF must not be able to hold its connections.
  await chmod(path, 0o600);
  return () =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
}

function cannotListen(on: string, cause: unknown): UnderwareError {
  return new UnderwareError(
    {
      code: 'STATE_CONFLICT',
      attempted: 'listen',
      on,
      why: cause instanceof Error ? cause.message : String(cause),
      remedy: 'End the process that holds it, or set UNDERWARE_LISTEN and UNDERWARE_SOCKET',
    },
    { cause },
  );
}
