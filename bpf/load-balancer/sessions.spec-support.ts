import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { NetnsHost } from '@underware/testkit';

/** A TCP connection that says a number every few milliseconds and expects it back, with the name of who answers. */
export interface Session {
  /** Who answered all of it. */
  server: string;
  answers: number;
  /** What went wrong; empty: nothing. */
  broken: string;
}

const SERVER = `
const [name, port] = process.argv.slice(1);
require('node:net').createServer((socket) => {
  let text = '';
  socket.on('error', () => undefined);
  socket.on('data', (chunk) => {
    const lines = (text + chunk).split('\\n');
    text = lines.pop();
    for (const line of lines) socket.write(name + ' ' + line + '\\n');
  });
}).listen(Number(port), '::', () => console.log('ready'));
`;

const CLIENT = `
const { connect } = require('node:net');
const sessions = [];
const open = (host, port) => new Promise((resolve) => {
  const session = { server: '', answers: 0, broken: '' };
  sessions.push(session);
  const socket = connect({ host, port, noDelay: true });
  const end = (why) => { session.broken ||= why; resolve(); };
  let text = '';
  socket.on('connect', () => socket.write('1\\n'));
  socket.on('error', (error) => end(error.code));
  socket.on('close', () => end('closed'));
  socket.on('data', (chunk) => {
    const lines = (text + chunk).split('\\n');
    text = lines.pop();
    for (const line of lines) {
      const [server, number] = line.split(' ');
      if (session.answers > 0 && server !== session.server) end(server + ' after ' + session.server);
      if (Number(number) !== session.answers + 1) end(number + ' after ' + session.answers);
      session.server = server;
      session.answers += 1;
      setTimeout(() => socket.write(session.answers + 1 + '\\n'), 20);
    }
    resolve();
  });
});
process.on('message', async ({ id, count, addresses, port }) => {
  await Promise.all(Array.from({ length: count }, (_, i) => open(addresses[i % addresses.length], port)));
  process.send({ id, sessions });
});
`;

/** A server on every address of a host, which ends with what it returns. */
export async function startServer(host: NetnsHost, name: string, port: number): Promise<ChildProcess> {
  const child = host.spawn([process.execPath, '-e', SERVER, name, String(port)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  if (child.stdout) await once(child.stdout, 'data');
  return child;
}

/** Many sessions of one client, by one process in its host. */
export class Sessions {
  readonly #child: ChildProcess;
  #last = 0;

  constructor(host: NetnsHost) {
    this.#child = host.spawn([process.execPath, '-e', CLIENT], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
  }

  /** Opens so many more, to the addresses in turn; gives back those, in the order that they were opened, once each had its first answer or broke. */
  async open(count: number, addresses: readonly string[], port: number): Promise<Session[]> {
    return (await this.#ask({ count, addresses, port })).slice(-count);
  }

  /** All that were ever opened. */
  all(): Promise<Session[]> {
    return this.#ask({ count: 0, addresses: [], port: 0 });
  }

  stop(): void {
    this.#child.kill('SIGKILL');
  }

  #ask(what: object): Promise<Session[]> {
    const id = (this.#last += 1);
    return new Promise((resolve, reject) => {
      const listen = (said: unknown): void => {
        const { id: of, sessions } = said as { id: number; sessions: Session[] };
        if (of !== id) return;
        this.#child.off('message', listen);
        resolve(sessions);
      };
      this.#child.on('message', listen);
      this.#child.send({ id, ...what }, (error) => error && reject(error));
    });
  }
}
