import { startLocalRedis } from '@underware/embedded';
import type { LocalRedis } from '@underware/embedded';
import { describeKernel, runCommand } from '@underware/testkit';
import { spawn, spawnSync } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { mkdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, afterEach, describe, expect, it } from '@jest/globals';
import { freePort } from '../src/stack/free-port.js';
import type { Stack } from '../src/stack/stack.js';
import {
  begin,
  createService,
  noteOf,
  pairDescriptor,
  remainsOf,
  removeTestStack,
  settle,
  startTestStack,
  traffic,
  WELL,
} from './stack.spec-support.js';

const NAME = 'tcp';
const MINUTES = 60_000;
const DIRECTORY = join(tmpdir(), 'uwt-tcp-redis');

/** The end of a tunnel on a host: what comes to a port of its loopback device goes to the server. */
const TUNNEL = `
const { connect, createServer } = require('node:net');
const [port, socket] = process.argv.slice(1);
createServer((near) => {
  const far = connect(socket);
  for (const [one, other] of [[near, far], [far, near]]) one.on('error', () => other.destroy()).pipe(other);
}).listen(Number(port), '127.0.0.1');
`;

const programs: ('redis-server' | 'valkey-server')[] = ['redis-server'];
if (spawnSync('valkey-server', ['--version']).status === 0) programs.push('valkey-server');

describeKernel('a stack with its queues on a server over TCP', () => {
  describe.each(programs)('%s with a password', (program) => {
    const tunnels: ChildProcess[] = [];
    let redis: LocalRedis | undefined;

    afterEach(async () => {
      await removeTestStack(NAME);
      for (const tunnel of tunnels.splice(0)) tunnel.kill('SIGKILL');
      await redis?.stop();
    });
    afterAll(() => rm(DIRECTORY, { recursive: true, force: true }));

    function dig(host: string, port: number, socket: string): void {
      const inside = ['nsenter', `--net=/run/netns/uwt-${NAME}-${host}`, '--'];
      const [file = '', ...args] = [...inside, process.execPath, '-e', TUNNEL, String(port), socket];
      tunnels.push(spawn(file, args, { stdio: 'ignore' }));
    }

    it(
      'brings a service up and down, each agent with the account of its host',
      async () => {
        await mkdir(DIRECTORY, { recursive: true });
        const port = await freePort(0);
        const password = 'password-of-the-owner';
        const server = await startLocalRedis({ dir: DIRECTORY, tcp: { port, password }, program });
        redis = server;
        const stack: Stack = await startTestStack(NAME, {
          queueServer: { url: server.url, agentUrl: `redis://127.0.0.1:${port}` },
          onProgress: (what) => {
            if (what === 'agents') for (const host of ['h1', 'h2']) dig(host, port, server.socket);
          },
        });
        const service = await createService(stack, 'tcp', await pairDescriptor());
        await settle(stack, await begin(stack, service, 'instantiate'), 'COMPLETED');
        expect(await traffic(stack, service)).toEqual(WELL);

        const cli = ['redis-cli', '--no-auth-warning', '-a', password, '-p', String(port)];
        const { stdout } = await runCommand([...cli, 'CLIENT', 'LIST']);
        const users = [...stdout.matchAll(/ user=(\S+)/g)].map(([, user]) => user);
        const hosts = stack.hosts.map(({ id }) => `underware_host_${id}`);
        expect([...new Set(users)].toSorted()).toEqual(['default', ...hosts.toSorted()]);

        const before = await noteOf(stack);
        await settle(stack, await begin(stack, service, 'terminate'), 'COMPLETED');
        expect(await remainsOf(stack, before)).toEqual([]);
      },
      2 * MINUTES,
    );
  });
});
