import { waitFor } from '@underware/testkit';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Daemon } from '../src/stack/daemon.js';
import type { Stack } from '../src/stack/stack.js';

export const MORTAL_MAIN = fileURLToPath(new URL('mortal-main.mjs', import.meta.url));

/** A daemon that `mortal-main.mjs` runs: it ends by SIGKILL at the points it is told, and is started again here. */
export class Mortal {
  /** Points at which it was killed, over all its lives. */
  readonly deaths: string[] = [];
  private read = 0;
  private watching: Promise<void> = Promise.resolve();
  private watched = false;

  constructor(
    readonly name: string,
    private readonly daemon: Daemon,
    private readonly stateDir: string,
  ) {}

  /** Of every host's agent, by the host's name, and of the orchestrator. */
  static agentsOf(stack: Stack): Mortal[] {
    return stack.hosts.map(
      ({ name, agent }) => new Mortal(name, agent, join(stack.layout.data, 'hosts', name, 'state')),
    );
  }

  static orchestratorOf(stack: Stack): Mortal {
    const stateDir = join(stack.layout.data, 'orchestrator');
    return new Mortal('orchestrator', stack.orchestrator, stateDir);
  }

  /** Orders for the operation that follows: points at which it ends, and at which it stops until `goOn`. */
  async order({ end = [], stop = [] }: { end?: readonly string[]; stop?: readonly string[] }): Promise<void> {
    await writeFile(join(this.stateDir, 'mortal.json'), JSON.stringify({ end, stop, generations: [] }));
  }

  /** Waits until it has stopped at a point. */
  async stopped(): Promise<void> {
    const stat = (): Promise<string> => readFile(`/proc/${this.daemon.pid}/stat`, 'utf8');
    await waitFor(`${this.name} to stop`, async () => /\) T /.test(await stat()), { deadlineMs: 60_000 });
  }

  goOn(): void {
    process.kill(this.daemon.pid, 'SIGCONT');
  }

  /** Waits until it has ended at a point. */
  async ended(): Promise<void> {
    await waitFor(`${this.name} to end`, async () => !(await this.daemon.isRunning()), {
      deadlineMs: 60_000,
    });
  }

  restart(): Promise<void> {
    return this.daemon.restart();
  }

  /** The points met since this was asked last. */
  async points(): Promise<string[]> {
    const text = await readFile(join(this.stateDir, 'points.jsonl'), 'utf8').catch(() => '');
    const lines = text.split('\n').filter((line) => line !== '');
    const fresh = lines
      .slice(this.read)
      .map((line) => JSON.parse(line) as { point: string; killed: boolean });
    this.read = lines.length;
    this.deaths.push(...fresh.filter(({ killed }) => killed).map(({ point }) => point));
    return fresh.map(({ point }) => point);
  }

  /** Starts it again whenever it has ended, while `work` runs. */
  async revivedDuring<T>(work: () => Promise<T>): Promise<T> {
    this.watched = true;
    this.watching = this.watch();
    try {
      return await work();
    } finally {
      this.watched = false;
      await this.watching;
    }
  }

  private async watch(): Promise<void> {
    while (this.watched) {
      await waitFor(`${this.name} to end`, async () => !this.watched || !(await this.daemon.isRunning()), {
        deadlineMs: 300_000,
        everyMs: 20,
      });
      if (this.watched) await this.daemon.restart();
    }
  }
}
