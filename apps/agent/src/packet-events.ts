import type { DesiredInstance, InstanceEvents } from '@underware/core';
import { UnderwareError } from '@underware/core';
import type { Kernel } from '@underware/kernel';
import { errorFields, type AgentLog } from './agent-log.js';
import type { PackageCache } from './package-cache.js';
import type { Reconciler } from './reconciler.js';
import type { Reporter } from './reporter.js';
import { wallClock } from './wall-clock.js';

/** Records told in one look; what packets can make more of is only counted. */
export const MOST_EVENTS = { ofInstance: 100, ofHost: 500 } as const;

/**
 * What plugins report of packets through their ring buffers, told to the orchestrator. Between two looks the buffers hold
 * what comes; a look empties them and tells the oldest records, within a bound: neither a flood of packets nor many
 * plugins make the agent, the queue or the orchestrator busy. What the bound left out is counted, as the plugin itself
 * counts what its full buffer could not take.
 */
export class PacketEvents {
  #complaint: string | undefined;

  constructor(
    private readonly kernel: Pick<Kernel, 'events'>,
    private readonly packages: Pick<PackageCache, 'events'>,
    private readonly reconciler: Pick<Reconciler, 'desired'>,
    private readonly reporter: Pick<Reporter, 'events'>,
    private readonly log: Pick<AgentLog, 'warn'>,
    private readonly most: { ofInstance: number; ofHost: number } = MOST_EVENTS,
  ) {}

  async look(): Promise<void> {
    const told: InstanceEvents[] = [];
    let left = this.most.ofHost;
    for (const { service, slice } of (await this.reconciler.desired())?.target.slices ?? []) {
      for (const instance of slice.instances) {
        const events = await this.#eventsOf(service, instance, Math.min(left, this.most.ofInstance));
        if (!events || (events.events.length === 0 && events.lost === 0)) continue;
        left -= events.events.length;
        told.push(events);
      }
    }
    if (told.length > 0) this.reporter.events(told);
  }

  /** Undefined for an instance that reports nothing, or that is not there now: it is being replaced, or its slice failed. */
  async #eventsOf(
    service: string,
    { key, underservice, port, hook, plugin }: DesiredInstance,
    most: number,
  ): Promise<InstanceEvents | undefined> {
    try {
      const source = await this.packages.events(plugin.digest);
      if (!source) return undefined;
      const { records, lost } = await this.kernel.events(key, source, most);
      const events = records.map((record) => ({ at: wallClock(record['at_ns']), record }));
      return { key, underservice, service, port, hook, events, lost };
    } catch (thrown) {
      if (!(thrown instanceof UnderwareError)) throw thrown;
      const { code, why } = thrown.report;
      if (code !== 'NOT_FOUND' && why !== this.#complaint)
        this.log.warn(errorFields(thrown.report), 'cannot read what plugins report of packets');
      if (code !== 'NOT_FOUND') this.#complaint = why;
      return undefined;
    }
  }
}
