import type { AgentMessage, InstanceTelemetry, ObservedWorkload } from '@underware/core';
import { toErrorReport, UnderwareError } from '@underware/core';
import { RESIDENCY } from '@underware/diff';
import { setTimeout as pause } from 'node:timers/promises';
import { errorFields, type AgentLog } from './agent-log.js';
import type { BackendWatch } from './backends/backend-watch.js';
import type { Host } from './host.js';
import type { PackageCache } from './package-cache.js';
import type { Reconciler } from './reconciler.js';
import type { Reporter } from './reporter.js';

/** A beat does not wait longer for figures; it goes out with the last ones. */
const PATIENCE_MS = 1_000;
/** Of a heartbeat as JSON, far below what the queue takes. */
const LARGEST_BYTES = 4 * 1024 * 1024;

type Figures = Pick<
  Extract<AgentMessage, { type: 'heartbeat' }>,
  'generation' | 'chains' | 'instances' | 'workloads' | 'foreign'
>;

/**
 * What the host does now, read from the kernel and the runtimes. A heartbeat says first of all that the agent lives: it
 * goes out whatever becomes of the figures, with the last ones that could be read.
 */
export class Telemetry {
  #last: Figures = { generation: 0, chains: [], instances: [], workloads: [], foreign: [] };
  #reading: Promise<void> | undefined;
  #complaint: string | undefined;

  constructor(
    private readonly host: Pick<Host, 'kernel' | 'observeWorkloads'>,
    private readonly packages: Pick<PackageCache, 'telemetryMaps'>,
    private readonly reconciler: Pick<Reconciler, 'desired' | 'lastObserved' | 'restartsOf'>,
    private readonly reporter: Pick<Reporter, 'heartbeat'>,
    private readonly backends: Pick<BackendWatch, 'rowsOf'>,
    private readonly log: Pick<AgentLog, 'warn'>,
    private readonly patienceMs = PATIENCE_MS,
    private readonly largestBytes = LARGEST_BYTES,
  ) {}

  async beat(): Promise<void> {
    this.#reading ??= this.#read().finally(() => {
      this.#reading = undefined;
    });
    await Promise.race([this.#reading, pause(this.patienceMs, undefined, { ref: false })]);
    this.reporter.heartbeat(this.#bounded(this.#last));
  }

  async #read(): Promise<void> {
    let complaint: string | undefined;
    const last = this.#last;
    const orLast = <T>(what: Promise<T>, before: T): Promise<T> =>
      what.catch((thrown: unknown) => {
        const report = toErrorReport(thrown, 'read telemetry', 'this host');
        complaint = report.why;
        if (complaint !== this.#complaint)
          this.log.warn(errorFields(report), 'heartbeats go on with what was read last');
        return before;
      });
    const [generation, chains, instances, workloads] = await Promise.all([
      orLast(this.#generation(), last.generation),
      orLast(this.host.kernel.chains(), last.chains),
      orLast(this.#instances(), last.instances),
      orLast(this.#workloads(), last.workloads),
    ]);
    this.#complaint = complaint;
    const foreign = this.reconciler.lastObserved?.foreign ?? [];
    this.#last = { generation, chains, instances, workloads, foreign };
  }

  async #generation(): Promise<number> {
    return (await this.reconciler.desired())?.accepted.generation ?? 0;
  }

  async #instances(): Promise<InstanceTelemetry[]> {
    const instances: InstanceTelemetry[] = [];
    const target = (await this.reconciler.desired())?.target;
    for (const { key, underservice, port, hook, plugin } of target?.held ?? []) {
      const figures = await this.#figures(key, plugin.digest);
      if (figures) instances.push({ key, underservice, service: RESIDENCY, port, hook, ...figures });
    }
    for (const { service, slice } of target?.slices ?? []) {
      for (const { key, underservice, port, hook, plugin } of slice.instances) {
        const figures = await this.#figures(key, plugin.digest);
        if (figures) instances.push({ key, underservice, service, port, hook, ...figures });
      }
    }
    return instances;
  }

  /** What a runtime that cannot be asked ran last, it may run still. */
  async #workloads(): Promise<Figures['workloads']> {
    const desired = await this.reconciler.desired();
    const owners = new Map(
      (desired?.target.slices ?? []).flatMap(({ service, slice }) =>
        slice.workloads.map((workload) => [workload.key, { service, vnf: workload.vnf }]),
      ),
    );
    const { workloads, unknownRuntimes = [] } = await this.host.observeWorkloads();
    const unseen = this.#last.workloads.filter(({ runtime }) => unknownRuntimes.includes(runtime));
    const seen = workloads.map((workload) => ({
      ...workload,
      ...(owners.get(workload.key) ?? { service: '', vnf: '' }),
      ...this.#restartsOf(workload),
    }));
    return [...seen, ...unseen];
  }

  /** When one that runs again would be tried is of no interest. */
  #restartsOf({ key, state }: ObservedWorkload): { restarts?: number; nextTryAt?: string } {
    const { restarts, nextTryAt } = this.reconciler.restartsOf(key) ?? {};
    if (restarts === undefined || nextTryAt === undefined) return {};
    return { restarts, ...(state === 'exited' ? { nextTryAt } : {}) };
  }

  /** Undefined for an instance that is not there now: it is being replaced, or its slice failed. */
  async #figures(key: string, digest: string) {
    try {
      const figures = await this.host.kernel.telemetry(key, await this.packages.telemetryMaps(digest));
      const backends = this.backends.rowsOf(key);
      return backends ? { ...figures, maps: { ...figures.maps, backend_health: backends } } : figures;
    } catch (thrown) {
      if (thrown instanceof UnderwareError) return undefined;
      throw thrown;
    }
  }

  /** What VNFs can make large goes first: a host that says less is better than one that is silent. */
  #bounded(figures: Figures): Figures {
    const bytes = Buffer.byteLength(JSON.stringify(figures));
    if (bytes <= this.largestBytes) return figures;
    this.log.warn(
      { bytes, largest: this.largestBytes },
      'heartbeat too large; sent without the maps of plugins',
    );
    return { ...figures, instances: figures.instances.map((instance) => ({ ...instance, maps: {} })) };
  }
}
