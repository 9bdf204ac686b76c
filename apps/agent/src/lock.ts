import { UnderwareError } from '@underware/core';
import { createHash } from 'node:crypto';
import { createServer } from 'node:net';

/**
 * One agent per directory, state or bpffs, and no `release` beside it. The lock is an abstract socket: the kernel takes it
 * back when its holder dies, however it dies.
 */
export async function lockDirectory(directory: string): Promise<{ release(): Promise<void> }> {
  const name = createHash('sha256').update(directory).digest('hex').slice(0, 32);
  const server = createServer((socket) => socket.destroy());
  await new Promise<void>((resolve, reject) => {
    server.once('error', (cause) =>
      reject(
        new UnderwareError(
          {
            code: 'STATE_CONFLICT',
            attempted: 'start the agent',
            on: directory,
            why: 'an agent that uses this directory runs already',
            remedy: 'Stop it first',
          },
          { cause },
        ),
      ),
    );
    server.listen(`\0underware-agent-${name}`, resolve);
  });
  server.unref();
  return { release: () => new Promise((resolve) => server.close(() => resolve())) };
}
