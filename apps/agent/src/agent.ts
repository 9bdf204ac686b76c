import type { HostFacts, HostState } from '@underware/core';
import { toErrorReport } from '@underware/core';
import type { Answers, Consumer, HostHandlers } from '@underware/jobs';
import { errorFields, type AgentLog } from './agent-log.js';
import { Clock } from './clock.js';
import type { FlowExporter } from './export/flow-exporter.js';
import type { BackendWatch } from './backends/backend-watch.js';
import type { HealthWatch } from './health-watch.js';
import type { Host } from './host.js';
import type { Journal } from './journal.js';
import type { PacketEvents } from './packet-events.js';
import type { Reconciler } from './reconciler.js';
import type { Reporter } from './reporter.js';
import type { Telemetry } from './telemetry.js';

export interface Intervals {
  backendsMs: number;
  eventsMs: number;
  exportMs: number;
  healthMs: number;
  heartbeatMs: number;
  reconcileMs: number;
  registerMs: number;
}

export const INTERVALS: Intervals = {
  backendsMs: 250,
  eventsMs: 1_000,
  exportMs: 5_000,
  healthMs: 1_000,
  heartbeatMs: 2_000,
  reconcileMs: 10_000,
  registerMs: 60_000,
};

/** Serves the host's jobs; the only place where the queue is taken from. */
export type Serve = (handlers: HostHandlers) => Promise<Consumer>;

/** The daemon's life: says who it is, goes on with what was interrupted, takes jobs, keeps watch, and stops. */
export class Agent {
  #consumer: Consumer | undefined;
  #clocks: Clock[] = [];
  #facts: HostFacts | undefined;

  constructor(
    private readonly host: Host,
    private readonly reconciler: Reconciler,
    private readonly reporter: Reporter,
    private readonly telemetry: Telemetry,
    private readonly healthWatch: HealthWatch,
    private readonly backendWatch: BackendWatch,
    private readonly packetEvents: PacketEvents,
    private readonly flowExporter: FlowExporter,
    private readonly journal: Journal,
    private readonly answers: Answers,
    private readonly serve: Serve,
    private readonly log: AgentLog,
    private readonly intervals: Intervals = INTERVALS,
  ) {}

  async start(): Promise<void> {
    // A host that cannot say all about itself yet is mended all the same; the clock says it again.
    await this.#register().catch((thrown: unknown) => this.#complain('register the host', thrown));
    const { backendsMs, eventsMs, exportMs, healthMs, heartbeatMs, reconcileMs, registerMs } = this.intervals;
    this.#clocks = [
      this.#clock(reconcileMs, 'reconcile the host', () => this.reconciler.reconcile()),
      this.#clock(heartbeatMs, 'read telemetry', () => this.telemetry.beat()),
      this.#clock(healthMs, 'check the health of VNFs', () => this.healthWatch.look()),
      this.#clock(backendsMs, 'check backends', () => this.backendWatch.look()),
      this.#clock(eventsMs, 'read what plugins report of packets', () => this.packetEvents.look()),
      this.#clock(exportMs, 'export flows', () => this.flowExporter.look()),
      this.#clock(registerMs, 'register the host', () => this.#register()),
    ];
    const desired = await this.reconciler.desired();
    this.log.info({ generation: desired?.accepted.generation ?? 'none known' }, 'agent started');
    this.#consumer = await this.serve({
      apply: ({ state }) => this.#accept(state),
      answers: this.answers,
    });
  }

  /** The step under way is finished; the kernel and the workloads stay as they are. */
  async stop(): Promise<void> {
    this.log.info({}, 'agent stops; what runs on this host goes on');
    await this.reconciler.stop();
    await Promise.all([this.#consumer?.close(), ...this.#clocks.map((clock) => clock.stop())]);
    await this.healthWatch.stop();
    this.backendWatch.stop();
    await this.flowExporter.close();
    await this.reporter.close(2_000);
    await this.journal.close();
  }

  /** Said again from time to time: a queue that was wiped forgot it. Addresses of uplinks may change. */
  async #register(): Promise<void> {
    this.#facts = await this.host.facts();
    this.reporter.registered(this.#facts);
  }

  /** Ends when the state cannot be lost any more, so that the queue hands over the next one, which may supersede it. */
  #accept(state: HostState): Promise<void> {
    return new Promise((resolve, reject) => {
      this.reconciler.apply(state, resolve).then(resolve, (thrown: unknown) => {
        this.#complain('apply a state', thrown);
        reject(thrown);
      });
    });
  }

  #clock(everyMs: number, attempted: string, work: () => Promise<void>): Clock {
    return new Clock(everyMs, work, (thrown) => this.#complain(attempted, thrown));
  }

  #complain(attempted: string, thrown: unknown): void {
    this.log.error(errorFields(toErrorReport(thrown, attempted, 'this host')), `cannot ${attempted}`);
  }
}
