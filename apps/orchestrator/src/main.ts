import { UnderwareError } from '@underware/core';
import pino from 'pino';
import { ROLES } from './app.module.js';
import { readConfiguration } from './configuration.js';
import { LoggedTransitions } from './modules/operations/logged-transitions.js';
import { start } from './start.js';

/** `main.js all|api|worker`: the composition root of the orchestrator. */
const log = pino(
  { name: 'orchestrator', serializers: { error: pino.stdSerializers.err } },
  pino.destination(2),
);
const role = ROLES.find((each) => each === (process.argv[2] ?? 'all'));
if (role === undefined) {
  log.fatal(`Usage: main.js ${ROLES.join('|')}`);
  process.exit(2);
}
try {
  const orchestrator = await start(role, readConfiguration(process.env), log, new LoggedTransitions(log));
  const end = (signal: NodeJS.Signals): void => {
    log.info({ signal }, 'stopping');
    orchestrator.stop().then(
      () => process.exit(0),
      (error: unknown) => {
        log.fatal({ error }, 'cannot stop in order');
        process.exit(1);
      },
    );
  };
  process.once('SIGINT', end);
  process.once('SIGTERM', end);
} catch (error) {
  if (error instanceof UnderwareError) log.fatal({ report: error.report }, error.message);
  else log.fatal({ error }, 'cannot start');
  process.exit(1);
}
