import { UnderwareClient } from '@underware/client';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { runCli } from './run.spec-support.js';
import type { CliRun } from './run.spec-support.js';

/** An API that answers what it is told, by `GET /path?query`, and NOT_FOUND otherwise; text is sent as an event stream. */
export async function startAnswers(answers: Record<string, unknown>): Promise<{
  run: (...argv: string[]) => Promise<CliRun>;
  close: () => Promise<void>;
}> {
  const server = createServer((request, response) => {
    const answer = answers[`${request.method ?? ''} ${request.url ?? ''}`];
    if (typeof answer === 'string')
      response.writeHead(200, { 'content-type': 'text/event-stream' }).end(answer);
    else if (answer === undefined) response.writeHead(404).end('{}');
    else response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(answer));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const client = new UnderwareClient({
    url: `http://127.0.0.1:${port}`,
    token: 'uwt-token-of-the-specs',
  });
  return {
    run: (...argv) => runCli(argv, { client: () => client }),
    close: async () => {
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}
