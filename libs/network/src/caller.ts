import { type ChildProcess, spawn } from 'node:child_process';
import { checkNamespace } from './names.js';

/** A TCP connection to be made: from where, to where, and what is asked for when it is there. */
export interface Call {
  from: Endpoint;
  to: Endpoint;
  /** Asks for this path by HTTP. */
  path?: string;
  timeoutMs: number;
}

export interface Endpoint {
  address: string;
  port: number;
}

/** `unmade`: nothing was tried, so it says nothing about the other end. */
export type CallOutcome =
  { kind: 'answered'; status?: number } | { kind: 'failed'; why: string } | { kind: 'unmade'; why: string };

/** What the process answers later than this, it does not answer. */
const GRACE_MS = 2_000;

/**
 * Runs inside the namespace for as long as its parent's channel is open. A connection ends with a reset: it leaves nothing
 * behind, and its port can be taken again at once.
 */
const SCRIPT = `
const { connect } = require('node:net');
process.on('message', ({ id, from, to, path, timeoutMs }) => {
  let answer = '';
  let over = false;
  const socket = connect({ host: to.address, port: to.port, localAddress: from.address, localPort: from.port });
  const end = (outcome) => {
    if (over) return;
    over = true;
    clearTimeout(timer);
    if (socket.connecting) socket.destroy();
    else socket.resetAndDestroy();
    process.send({ id, outcome }, () => undefined);
  };
  const fail = (why) => end({ kind: 'failed', why });
  const timer = setTimeout(() => fail((socket.connecting ? 'no connection' : 'no answer') + ' within ' + timeoutMs + ' ms'), timeoutMs);
  socket.on('error', (error) =>
    end({ kind: error.syscall === 'bind' ? 'unmade' : 'failed', why: error.code ?? error.message }));
  socket.on('connect', () => {
    if (path === undefined) return end({ kind: 'answered' });
    const host = to.address.includes(':') ? '[' + to.address + ']' : to.address;
    socket.write('GET ' + path + ' HTTP/1.1\\r\\nHost: ' + host + ':' + to.port +
      '\\r\\nUser-Agent: underware\\r\\nAccept: */*\\r\\nConnection: close\\r\\n\\r\\n');
  });
  socket.on('data', (chunk) => {
    answer += chunk.toString('latin1');
    const status = /^HTTP\\/1\\.[01] ([1-5][0-9]{2})[ \\r\\n]/.exec(answer);
    if (status) end({ kind: 'answered', status: Number(status[1]) });
    else if (answer.length >= 14) fail('no HTTP');
  });
  socket.on('end', () => fail('closed without an answer'));
});
`;

/**
 * Makes connections from inside a network namespace, many at a time, by one process there, which is started with the first
 * and again when it ended. Addresses and paths go to it as data, never through a shell.
 */
export class Caller {
  readonly #pending = new Map<number, (outcome: CallOutcome) => void>();
  #child: ChildProcess | undefined;
  #last = 0;

  constructor(private readonly namespace: string) {
    checkNamespace(namespace);
  }

  async call(call: Call): Promise<CallOutcome> {
    const child = (this.#child ??= this.#start());
    const id = (this.#last += 1);
    return new Promise((resolve) => {
      const late = setTimeout(
        () => this.#answer(id, { kind: 'unmade', why: 'the process that calls is silent' }),
        call.timeoutMs + GRACE_MS,
      );
      this.#pending.set(id, (outcome) => {
        clearTimeout(late);
        resolve(outcome);
      });
      child.send({ id, ...call }, (error) => {
        if (error) this.#answer(id, { kind: 'unmade', why: error.message });
      });
    });
  }

  /** What is under way counts as unmade. */
  close(): void {
    const child = this.#child;
    this.#child = undefined;
    this.#answerAll('the caller was closed');
    if (child?.connected === true) child.disconnect();
    child?.kill('SIGKILL');
  }

  #start(): ChildProcess {
    const child = spawn(
      'nsenter',
      [`--net=/run/netns/${this.namespace}`, '--', process.execPath, '--max-old-space-size=64', '-e', SCRIPT],
      { env: {}, stdio: ['ignore', 'ignore', 'ignore', 'ipc'] },
    );
    // It does not keep the agent running; it ends with it.
    child.unref();
    child.channel?.unref();
    child.on('message', (said) => {
      const { id, outcome } = said as { id: number; outcome: CallOutcome };
      this.#answer(id, outcome);
    });
    const over = (why: string): void => {
      if (this.#child !== child) return;
      this.#child = undefined;
      this.#answerAll(why);
    };
    child.once('error', (error) => over(error.message));
    child.once('exit', () => over(`the process that calls from ${this.namespace} ended`));
    return child;
  }

  #answer(id: number, outcome: CallOutcome): void {
    const answer = this.#pending.get(id);
    this.#pending.delete(id);
    answer?.(outcome);
  }

  #answerAll(why: string): void {
    for (const id of this.#pending.keys()) this.#answer(id, { kind: 'unmade', why });
  }
}
