import { Injectable } from '@nestjs/common';
import { DEFAULT_BAND, UnderwareError } from '@underware/core';
import type { Band, Plan, ServiceGraph } from '@underware/core';
import { planByHost } from '@underware/planner';
import { Truth } from '@underware/store';
import type { HostRow, NewOperation, PluginRow, Records, ServiceInstanceRow } from '@underware/store';
import { randomUUID } from 'node:crypto';
import { conflict, found } from '../../not-found.js';
import { beginChange, planToChange } from '../operations/change-plan.js';
import { renewDesired } from '../operations/desired-state.js';
import { Dispatcher } from '../operations/dispatcher.js';
import { OperationsService } from '../operations/operations.service.js';
import { PlanningService } from '../plans/planning.service.js';
import { checkUpgrade } from './check-upgrade.js';
import { chooseCanary } from './choose-canary.js';
import { replacedOn } from './count-verdicts.js';
import { renewHeld } from './renew-held.js';
import type { UpgradeParams } from './upgrade-params.js';
import type { PluginUpgrade, UpgradeRequest } from './upgrades.dto.js';

/** A service that gets another version of a plugin. */
interface Upgraded {
  instance: ServiceInstanceRow;
  before: { plan: Plan; graph: ServiceGraph };
  next: Plan;
  /** Ids of hosts on which an instance is replaced. */
  hosts: string[];
}

/** Another version of a plugin for the services that have it: planned at once for all, or refused. */
@Injectable()
export class UpgradesService {
  constructor(
    private readonly truth: Truth,
    private readonly planning: PlanningService,
    private readonly operations: OperationsService,
    private readonly dispatcher: Dispatcher,
  ) {}

  async upgrade(digest: string, request: UpgradeRequest, requestedBy: string): Promise<PluginUpgrade> {
    const { services, dryRun = false } = request;
    const { answer, told } = await this.truth.transaction(async (records) => {
      await records.lockPlanning();
      const plugin = found(await records.plugins.find(digest), 'plugin', digest);
      const hosts = await records.hosts.list();
      const upgraded = await this.plan(records, plugin, services, hosts);
      const canary = canaryOf(request, plugin, upgraded, hosts);
      const { name, version } = plugin;
      const upgrade: UpgradeParams = { name, version, digest, everywhere: services === undefined };
      const operations = dryRun
        ? []
        : await begin(records, upgrade, upgraded, canary, requestedBy, bandOf(request));
      // With no service to wait for, what is held can be renewed now.
      const renewed = dryRun || upgraded.length > 0 ? [] : await renewHeld(records, { upgrade });
      const changed = Object.keys(await renewDesired(records, renewed, new Date()));
      return { answer: present(plugin, upgraded, operations, canary, hosts), told: { operations, changed } };
    });
    await this.dispatcher.dispatch(told.changed);
    for (const id of told.operations) await this.operations.submit(id);
    return answer;
  }

  private async plan(
    records: Records,
    plugin: PluginRow,
    services: readonly string[] | undefined,
    hosts: readonly HostRow[],
  ): Promise<Upgraded[]> {
    const names = new Map(hosts.map(({ id, name }) => [id, name]));
    const upgraded: Upgraded[] = [];
    for (const instance of await this.concerned(records, plugin, services)) {
      const attempted = `upgrade to ${plugin.name}@${plugin.version}`;
      const open = await records.operations.openOf(instance.id);
      if (open) {
        const remedy =
          open.state === 'FAILED_TEMP' ? 'Retry it, roll it back or let it fail' : 'Wait for its end';
        throw conflict(attempted, instance.name, `operation ${open.id} is ${open.state}`, remedy);
      }
      const before = await planToChange(records, attempted, instance);
      const upgrade = { name: plugin.name, digest: plugin.digest };
      const next = await this.planning.plan(records, instance.id, before.graph, { ...before, upgrade });
      checkUpgrade(instance.name, before, next, plugin, (host) => names.get(host) ?? host);
      const replaced = replacedOn(Object.keys(next.slices), before.plan, next);
      upgraded.push({ instance, before, next, hosts: [...new Set(replaced.map(({ host }) => host))] });
    }
    return upgraded;
  }

  /** Locked in the order of their ids: those that have another version, in a plan that is in force. */
  private async concerned(
    records: Records,
    { name, version, digest }: PluginRow,
    services: readonly string[] | undefined,
  ): Promise<ServiceInstanceRow[]> {
    for (const id of services ?? []) found(await records.instances.find(id), 'service instance', id);
    const concerned: ServiceInstanceRow[] = [];
    for (const { service, plan } of await records.instances.currentPlans()) {
      if (services !== undefined && !services.includes(service)) continue;
      if (concerned.some(({ id }) => id === service)) continue;
      const plugins = Object.values(plan.slices).flatMap(({ instances }) =>
        instances.map((each) => each.plugin),
      );
      const used = plugins.filter((each) => each.name === name);
      if (used.length === 0 && services !== undefined) {
        const why = `no instance of it is of ${name}`;
        throw conflict(
          `upgrade to ${name}@${version}`,
          `service instance ${service}`,
          why,
          'Name services that have it',
        );
      }
      if (used.every((each) => each.digest === digest)) continue;
      concerned.push(found(await records.instances.lock(service), 'service instance', service));
    }
    return concerned;
  }
}

/** The hosts of the canary among those concerned, in the order of their names; undefined where there shall be none. */
function canaryOf(
  { canary }: UpgradeRequest,
  { name, version }: PluginRow,
  upgraded: readonly Upgraded[],
  hosts: readonly HostRow[],
): HostRow[] | undefined {
  if (canary === undefined || upgraded.length === 0) return undefined;
  const concerned = hosts.filter(({ id }) => upgraded.some((each) => each.hosts.includes(id)));
  const refuse = (on: string, why: string): UnderwareError =>
    new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: `upgrade to ${name}@${version}`,
      on,
      why,
      remedy: `Name hosts that it changes: ${concerned.map((host) => host.name).join(', ')}`,
    });
  if ((canary.hosts === undefined) === (canary.percent === undefined))
    throw refuse('canary', 'it must have one of hosts and percent');
  for (const id of canary.hosts ?? []) {
    const host = found(
      hosts.find((each) => each.id === id),
      'host',
      id,
    );
    if (!concerned.includes(host)) throw refuse(host.name, `nothing changes there`);
  }
  const chosen = chooseCanary(canary, concerned) ?? [];
  return concerned.filter(({ id }) => chosen.includes(id));
}

function bandOf({ band = {} }: UpgradeRequest): Band {
  return {
    windowSeconds: band.windowSeconds ?? DEFAULT_BAND.windowSeconds,
    tolerance: band.tolerance ?? DEFAULT_BAND.tolerance,
    errorTolerance: band.errorTolerance ?? DEFAULT_BAND.errorTolerance,
    minPackets: band.minPackets ?? DEFAULT_BAND.minPackets,
  };
}

async function begin(
  records: Records,
  upgrade: UpgradeParams,
  upgraded: readonly Upgraded[],
  canary: readonly HostRow[] | undefined,
  requestedBy: string,
  band: Band,
): Promise<string[]> {
  const upgradeId = randomUUID();
  const at = new Date();
  const begun: string[] = [];
  for (const { instance, before, next, hosts } of upgraded) {
    const { nsdId, inputs } = instance;
    await beginChange(records, before.plan, next, { nsdId, graph: before.graph, inputs }, at);
    const id = randomUUID();
    const tried = canary?.map((host) => host.id).filter((host) => hosts.includes(host));
    await records.operations.create({
      id,
      nsInstanceId: instance.id,
      type: 'UPDATE',
      state: 'PROCESSING',
      rollingBack: false,
      barrier: null,
      error: null,
      params: { upgrade },
      requestedBy,
      upgradeId,
      ...stageOf(tried, band),
      stateEnteredAt: at,
      startedAt: at,
    });
    await records.announce({ kind: 'operation', operation: id, service: instance.id });
    begun.push(id);
  }
  return begun;
}

/** One that has nothing on the hosts of the canary only waits for those that have. */
function stageOf(tried: string[] | undefined, band: Band): Pick<NewOperation, 'phase' | 'canary'> {
  if (tried === undefined) return { phase: 'conditioning' };
  if (tried.length > 0) return { phase: 'measuring', canary: { hosts: tried, band } };
  const verdict = { outcome: 'unseen' as const, figures: [] };
  return { phase: 'watching', canary: { hosts: tried, band, verdict, judged: true } };
}

function present(
  { name, version }: PluginRow,
  upgraded: readonly Upgraded[],
  operations: readonly string[],
  canary: readonly HostRow[] | undefined,
  hosts: readonly HostRow[],
): PluginUpgrade {
  const services = upgraded.map(({ instance, before, next }, i) => {
    const operation = operations[i];
    return {
      nsInstanceId: instance.id,
      nsInstanceName: instance.name,
      ...(operation === undefined ? {} : { operation }),
      hosts: planByHost(next, before.plan),
    };
  });
  const named = new Set(services.flatMap((each) => each.hosts.map(({ host }) => host)));
  return {
    plugin: `${name}@${version}`,
    canary: (canary ?? []).map((host) => host.name),
    services,
    hostNames: Object.fromEntries(
      hosts.filter(({ id }) => named.has(id)).map(({ id, name: known }) => [id, known]),
    ),
  };
}
