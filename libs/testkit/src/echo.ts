import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { UnderwareError } from '@underware/core';
import type { NetnsHost } from './netns-host.js';

export interface Endpoint {
  protocol: 'tcp' | 'udp';
  address: string;
  port: number;
}

export interface EchoServer {
  /** Requests answered so far. */
  requests(): number;
  stop(): Promise<void>;
}

const PROGRAM = fileURLToPath(new URL('../programs/echo.mjs', import.meta.url));

/** Starts an echo server in the host and returns when it listens. */
export async function startEchoServer(host: NetnsHost, endpoint: Endpoint): Promise<EchoServer> {
  const child = host.spawn([process.execPath, PROGRAM, 'serve', ...argumentsOf(endpoint)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'close');
  let requests = 0;
  const ready = new Promise<boolean>((resolve) => {
    if (child.stdout === null) return resolve(false);
    createInterface(child.stdout).on('line', (line) => {
      if (line === 'ready') resolve(true);
      else requests += 1;
    });
    void ended.then(() => resolve(false));
  });
  if (!(await ready)) {
    throw new UnderwareError({
      code: 'NETWORK_FAILED',
      attempted: 'start an echo server',
      on: `${host.namespace} ${endpoint.protocol} ${endpoint.address}:${endpoint.port}`,
      why: 'it ended before it listened',
      remedy: 'See its standard error; is the address on a device of the host?',
    });
  }
  return {
    requests: () => requests,
    stop: async () => {
      child.kill('SIGKILL');
      await ended;
    },
  };
}

/** Sends one request from the host. True where the same text came back within `timeoutMs`. */
export async function callEcho(
  host: NetnsHost,
  endpoint: Endpoint,
  { text = 'hello', timeoutMs = 5000 }: { text?: string; timeoutMs?: number } = {},
): Promise<boolean> {
  const argv = [process.execPath, PROGRAM, 'call', ...argumentsOf(endpoint), text, String(timeoutMs)];
  try {
    const { stdout } = await host.run(argv, { timeoutMs: timeoutMs + 10_000 });
    return stdout === text;
  } catch (error) {
    if (error instanceof UnderwareError && error.code === 'NETWORK_FAILED') return false;
    throw error;
  }
}

function argumentsOf({ protocol, address, port }: Endpoint): string[] {
  return [protocol, address, String(port)];
}
