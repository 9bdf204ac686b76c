import type { InstanceTelemetry } from '@underware/core';
import { UnderwareError } from '@underware/core';
import type { Host, PackageSource } from './host.js';
import type { Reconciler } from './reconciler.js';
import type { Reporter } from './reporter.js';

/** What the host does now, read from the kernel and the runtimes. */
export class Telemetry {
  /** Telemetry maps by plugin digest; a manifest never changes under its digest. */
  readonly #maps = new Map<string, string[]>();

  constructor(
    private readonly host: Host,
    private readonly packages: PackageSource,
    private readonly reconciler: Reconciler,
    private readonly reporter: Reporter,
  ) {}

  async beat(): Promise<void> {
    const desired = await this.reconciler.desired();
    const slices = desired?.target.slices ?? [];
    const owners = new Map(
      slices.flatMap(({ service, slice }) =>
        slice.workloads.map((workload) => [workload.key, { service, vnf: workload.vnf }]),
      ),
    );
    const [chains, workloads] = await Promise.all([this.host.kernel.chains(), this.host.observeWorkloads()]);
    const instances: InstanceTelemetry[] = [];
    for (const { service, slice } of slices) {
      for (const { key, underservice, port, hook, plugin } of slice.instances) {
        const figures = await this.#figures(key, plugin.digest);
        if (figures) instances.push({ key, underservice, service, port, hook, ...figures });
      }
    }
    this.reporter.heartbeat({
      generation: desired?.accepted.generation ?? 0,
      chains,
      instances,
      workloads: workloads.map((workload) => ({
        ...workload,
        ...(owners.get(workload.key) ?? { service: '', vnf: '' }),
      })),
      foreign: this.reconciler.lastObserved?.foreign ?? [],
    });
  }

  /** Undefined for an instance that is not there now: it is being replaced, or its slice failed. */
  async #figures(key: string, digest: string) {
    try {
      return await this.host.kernel.telemetry(key, await this.#telemetryMaps(digest));
    } catch (thrown) {
      if (thrown instanceof UnderwareError) return undefined;
      throw thrown;
    }
  }

  async #telemetryMaps(digest: string): Promise<string[]> {
    const known = this.#maps.get(digest);
    if (known) return known;
    const { manifest } = await this.packages.open(digest);
    const names = Object.entries(manifest.maps).flatMap(([name, { role }]) =>
      role === 'telemetry' ? [name] : [],
    );
    const events = manifest.events?.map;
    const readable = names.filter((name) => name !== events);
    this.#maps.set(digest, readable);
    return readable;
  }
}
