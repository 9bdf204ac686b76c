import { Injectable } from '@nestjs/common';
import { costsOf } from '@underware/planner';
import type { HostDemand } from '@underware/planner';
import { Truth } from '@underware/store';
import type { Held, HostRow, InstanceUse } from '@underware/store';
import { found } from '../../not-found.js';
import { renewDesired } from '../operations/desired-state.js';
import { Dispatcher } from '../operations/dispatcher.js';
import { makeRoom } from './give-back.js';
import { readDemand } from './read-demand.js';
import type { HostResidencyReport, HostResidencyRequest, PluginDemandDto } from './residency.dto.js';

/** What is loaded without a user, why, and what the operator wants of it. */
@Injectable()
export class ResidencyService {
  constructor(
    private readonly truth: Truth,
    private readonly dispatcher: Dispatcher,
  ) {}

  async explain(): Promise<HostResidencyReport[]> {
    const hosts = await this.truth.hosts.list();
    return Promise.all(hosts.map((host) => this.explainHost(host)));
  }

  async set(id: string, { policy, budgetBytes }: HostResidencyRequest): Promise<void> {
    const at = new Date();
    await this.truth.transaction(async (records) => {
      found(await records.hosts.find(id), 'host', id);
      // Planning takes of what is held.
      await records.lockPlanning();
      await records.residency.setPolicy(id, { policy, budgetBytes: budgetBytes ?? null });
      if (policy === 'dynamic') {
        const held = await records.residency.held([id]);
        await records.residency.drop(
          id,
          held.map(({ key }) => key),
        );
      }
      await makeRoom(records, [id], at);
      await renewDesired(records, [id], at);
      await records.announce({ kind: 'host', host: id });
    });
    await this.dispatcher.dispatch([id]);
  }

  private async explainHost({ id, name }: HostRow): Promise<HostResidencyReport> {
    const now = new Date();
    const [demand, held, uses, [telemetry]] = await Promise.all([
      readDemand(this.truth, id, now),
      this.truth.residency.held([id]),
      this.truth.residency.uses(id, new Date(0)),
      this.truth.hosts.telemetry([id]),
    ]);
    const loaded = new Set(telemetry?.body.instances.map(({ key }) => key));
    const bytesOf = (digest: string): number => demand.footprintOf(digest).memoryBytes;
    const sum = (digests: string[]): number => digests.reduce((total, digest) => total + bytesOf(digest), 0);
    return {
      host: id,
      hostName: name,
      policy: demand.policy,
      ...(demand.budgetBytes === undefined ? {} : { budgetBytes: demand.budgetBytes }),
      usedBytes: sum(uses.filter(({ endedAt }) => endedAt === null).map(({ digest }) => digest)),
      heldBytes: sum(held.map(({ instance }) => instance.plugin.digest)),
      held: held.map((each) => present(each, loaded.has(each.key))),
      plugins: demandOf(uses, demand),
    };
  }
}

function present({ key, instance, memoryBytes, since, until, reason }: Held, loaded: boolean) {
  return {
    key,
    plugin: `${instance.plugin.name}@${instance.plugin.version}`,
    underservice: instance.underservice,
    program: instance.program,
    memoryBytes,
    since: since.toISOString(),
    ...(until === null ? {} : { until: until.toISOString() }),
    reason,
    loaded,
  };
}

function demandOf(uses: readonly InstanceUse[], { footprintOf }: HostDemand): PluginDemandDto[] {
  const digests = new Map(uses.map(({ digest, plugin }) => [digest, plugin]));
  return [...digests]
    .map(([digest, plugin]) => {
      const own = uses.filter((use) => use.digest === digest);
      const footprint = footprintOf(digest);
      return {
        plugin,
        inUse: own.filter(({ endedAt }) => endedAt === null).length,
        uses: own.length,
        ...footprint,
        breakEvenSeconds: costsOf(footprint).breakEvenSeconds,
      };
    })
    .sort((a, b) => (a.plugin < b.plugin ? -1 : 1));
}
