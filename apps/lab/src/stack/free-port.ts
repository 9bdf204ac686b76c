import { UnderwareError } from '@underware/core';
import { createServer } from 'node:net';

/** The wished port when it is free; otherwise any free one. */
export async function freePort(wished: number): Promise<number> {
  return (await tryPort(wished)) ?? (await tryPort(0)) ?? wished;
}

/** Throws, naming the remedy, unless the port is free. */
export async function requirePort(port: number): Promise<number> {
  if ((await tryPort(port)) !== undefined) return port;
  throw new UnderwareError({
    code: 'STATE_CONFLICT',
    attempted: 'listen for the API',
    on: `127.0.0.1:${port}`,
    why: 'the port is in use',
    remedy: `See who has it with \`ss -ltnp 'sport = :${port}'\`, or choose another with --port`,
  });
}

async function tryPort(port: number): Promise<number | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', () => resolve(undefined));
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address ? address.port : undefined));
    });
  });
}
