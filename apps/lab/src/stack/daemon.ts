import { waitFor } from '@underware/testkit';
import { isRunning, signal, startProcess } from './lab-processes.js';
import type { ProcessSpec } from './lab-processes.js';
import type { LabLayout } from './layout.js';

const STOP_MS = 15_000;

/** One of the stack's own processes: it can be ended in any way and started again with the same settings. */
export class Daemon {
  private constructor(
    private readonly layout: LabLayout,
    private readonly spec: ProcessSpec,
    private current: number,
  ) {}

  static async start(layout: LabLayout, spec: ProcessSpec): Promise<Daemon> {
    return new Daemon(layout, spec, await startProcess(layout, spec));
  }

  get pid(): number {
    return this.current;
  }

  get role(): string {
    return this.spec.role;
  }

  isRunning(): Promise<boolean> {
    return isRunning(this.current);
  }

  /** Ends it at once, as a crash would, and returns when it is gone. */
  async kill(name: NodeJS.Signals = 'SIGKILL'): Promise<void> {
    signal(this.current, name);
    await waitFor(`${this.role} to end`, async () => !(await this.isRunning()), { deadlineMs: STOP_MS });
  }

  /** Starts it again; one that still runs is killed first. */
  async restart(): Promise<void> {
    if (await this.isRunning()) await this.kill();
    this.current = await startProcess(this.layout, this.spec);
  }
}
