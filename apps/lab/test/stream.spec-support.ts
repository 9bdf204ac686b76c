import { waitFor } from '@underware/testkit';
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Interface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const PROGRAM = fileURLToPath(new URL('stream.mjs', import.meta.url));

export interface StreamFigures {
  tcp: { sent: number; echoed: number; errors: string[] };
  udp: { sent: number; echoed: number };
}

/** One TCP connection and one UDP flow between two network namespaces, which go on until they are stopped. */
export class Stream {
  private constructor(
    private readonly server: ChildProcess,
    private readonly client: ChildProcess,
    private readonly lines: Interface,
  ) {}

  static async start(from: string, to: string, address: string, port: number): Promise<Stream> {
    const server = run(to, 'serve', address, port);
    await once(linesOf(server), 'line');
    const client = run(from, 'call', address, port);
    const stream = new Stream(server, client, linesOf(client));
    await waitFor('the first echoes', async () => (await stream.figures()).udp.echoed > 50, { everyMs: 50 });
    return stream;
  }

  async figures(): Promise<StreamFigures> {
    return this.say('tell');
  }

  /** What came of all that was sent until now: waits for what is under way, then goes on. */
  async settled(): Promise<StreamFigures> {
    await this.say('pause');
    const same = async (): Promise<StreamFigures | undefined> => {
      const now = await this.figures();
      return now.tcp.echoed === now.tcp.sent && now.udp.echoed === now.udp.sent ? now : undefined;
    };
    const all = await waitFor('all to come back', same, { deadlineMs: 3_000, everyMs: 50 }).catch(() =>
      this.figures(),
    );
    await this.say('go on');
    return all;
  }

  stop(): void {
    this.client.kill('SIGKILL');
    this.server.kill('SIGKILL');
  }

  private async say(line: string): Promise<StreamFigures> {
    const answer = once(this.lines, 'line');
    this.client.stdin?.write(`${line}\n`);
    const [text] = (await answer) as [string];
    return JSON.parse(text) as StreamFigures;
  }
}

function run(namespace: string, mode: string, address: string, port: number): ChildProcess {
  const inside = ['nsenter', `--net=/run/netns/${namespace}`, '--', process.execPath];
  const [command = '', ...argv] = [...inside, PROGRAM, mode, address, String(port)];
  return spawn(command, argv, { stdio: ['pipe', 'pipe', 'inherit'] });
}

function linesOf(child: ChildProcess): Interface {
  if (child.stdout === null) throw new Error('its output is not ours');
  return createInterface(child.stdout);
}
