import { connect } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';

export interface ReachRequest {
  address: string;
  port: number;
}

/** By the machine's clock, in ms. */
export interface FirstConnection {
  at: number;
}

/** For a try whose packets are dropped; the kernel would send the next one only after a second. */
const TRY_MS = 50;
const PAUSE_MS = 2;
const DEADLINE_MS = 60_000;

/** Tries until a connection is made. */
export async function measureReach({ address, port }: ReachRequest): Promise<FirstConnection> {
  const deadline = Date.now() + DEADLINE_MS;
  while (Date.now() < deadline) {
    if (await connects(address, port)) return { at: Date.now() };
    await pause(PAUSE_MS);
  }
  throw new Error(`${address} port ${port} did not answer within ${DEADLINE_MS} ms`);
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TRY_MS });
    const end = (connected: boolean) => () => {
      socket.destroy();
      resolve(connected);
    };
    socket.once('connect', end(true));
    socket.once('error', end(false));
    socket.once('timeout', end(false));
  });
}
