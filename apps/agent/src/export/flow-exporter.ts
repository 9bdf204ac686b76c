import type { DesiredInstance, FlowExport } from '@underware/core';
import { toErrorReport, UnderwareError } from '@underware/core';
import type { Kernel } from '@underware/kernel';
import { errorFields, type AgentLog } from '../agent-log.js';
import { FLOWS } from '../questions/answer-flows.js';
import type { Reconciler } from '../reconciler.js';
import { Collector } from './collector.js';
import { FlowBook, type Moment } from './flow-book.js';

/** Of one look at one instance; those that were silent longest are left for the next one. */
const MOST_ROWS = 65_536;

interface Line {
  book: FlowBook;
  collector: Collector;
}

/**
 * Tells collectors of the flows that instances remember, where their config asks for it: IPFIX over UDP, from the host's
 * own network. An instance is a line of its own, with its own observation domain; another revision is another line.
 */
export class FlowExporter {
  readonly #lines = new Map<string, Line>();
  #complaint: string | undefined;

  constructor(
    private readonly kernel: Pick<Kernel, 'select'>,
    private readonly reconciler: Pick<Reconciler, 'desired'>,
    private readonly log: Pick<AgentLog, 'warn'>,
    private readonly now: () => Moment = thisMoment,
  ) {}

  async look(): Promise<void> {
    const slices = (await this.reconciler.desired())?.target.slices ?? [];
    const wanted = new Map(
      slices
        .flatMap(({ slice }) => slice.instances)
        .flatMap((instance) => {
          const settings = instance.config.export;
          return settings ? [[instance.key, { instance, settings }] as const] : [];
        }),
    );
    for (const [key, line] of this.#lines) if (!wanted.has(key)) await this.#end(key, line);
    for (const [key, { instance, settings }] of wanted) {
      const line = this.#lines.get(key) ?? this.#begin(instance, settings);
      this.#lines.set(key, line);
      await this.#patiently(async () => {
        const { rows } = await this.kernel.select(key, {
          map: FLOWS,
          by: 'last_ns',
          most: MOST_ROWS,
          atLeast: line.book.since,
        });
        const now = this.now();
        await line.collector.tell(line.book.take(rows, now), new Date(now.ms));
      });
    }
  }

  /** Tells what is left: whoever starts next does not know what was told. */
  async close(): Promise<void> {
    for (const [key, line] of this.#lines) await this.#end(key, line);
  }

  #begin({ id, hook, port }: DesiredInstance, { collector, port: to, ...timeouts }: FlowExport): Line {
    // What comes from the owner of a VNF's port, or from the network at an uplink, comes into the host there.
    const inward = hook === 'xdp' || hook === 'tcx/ingress';
    const domain = Number.parseInt(id.slice(0, 8), 16);
    return {
      book: new FlowBook(timeouts, inward ? 0 : 1, this.now().monotonicNs),
      collector: new Collector(collector, to, domain, (error) =>
        this.#complain(error, `collector of ${port}`),
      ),
    };
  }

  async #end(key: string, { book, collector }: Line): Promise<void> {
    this.#lines.delete(key);
    const now = this.now();
    await this.#patiently(() => collector.tell(book.close(now), new Date(now.ms)));
    collector.close();
  }

  /** One instance or collector that fails takes nothing from the others. */
  async #patiently(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      if (thrown instanceof UnderwareError && thrown.code === 'NOT_FOUND') return;
      this.#complain(thrown, 'this host');
    }
  }

  #complain(thrown: unknown, on: string): void {
    const report = toErrorReport(thrown, 'export flows', on);
    if (report.why !== this.#complaint) this.log.warn(errorFields(report), 'cannot export flows');
    this.#complaint = report.why;
  }
}

function thisMoment(): Moment {
  return { monotonicNs: process.hrtime.bigint(), ms: Date.now() };
}
