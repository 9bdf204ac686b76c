import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import type { DesiredInstance } from '@underware/core';
import type { ConnectionFilter, LiveConnection } from '@underware/jobs';
import { serviceAddresses } from '@underware/planner';
import { firewallRuleName, FIREWALL_STATES } from '@underware/underservices';
import { notFound } from '../../not-found.js';
import { checkPage } from '../maps/maps.service.js';
import type { DeployedService, On } from '../questions/deployed-service.js';
import { LiveHosts } from '../questions/live-hosts.js';
import type { ConnectionDto, ConnectionsDto, FlushedDto } from './connections.dto.js';

const DEFAULT_LIMIT = 100;
/** A table of a million connections is looked through. */
const ANSWER_WITHIN_MS = 30_000;

/** The connections that the firewalls of a service know. */
@Injectable()
export class ConnectionsService {
  constructor(private readonly hosts: LiveHosts) {}

  async list(
    nsInstanceId: string,
    underservice: string | undefined,
    filter: ConnectionFilter,
    { offset = 0, limit = DEFAULT_LIMIT }: { offset?: number | undefined; limit?: number | undefined },
  ): Promise<ConnectionsDto> {
    checkPage('list connections', nsInstanceId, offset, limit);
    const service = await this.hosts.service(nsInstanceId, 'list connections');
    const asked = await Promise.all(
      tablesOf(service, underservice).map(async (instance) => {
        const question = { instance: instance.key, filter, offset, limit };
        const answer = await this.hosts.ask(instance.host, 'connections', question, ANSWER_WITHIN_MS);
        return { instance, ...answer };
      }),
    );
    return {
      connections: asked.flatMap(({ instance, connections }) =>
        connections.map((each) => present(service, instance, each)),
      ),
      more: asked.some(({ more }) => more),
    };
  }

  async flush(
    nsInstanceId: string,
    underservice: string | undefined,
    filter: ConnectionFilter,
    all: boolean,
  ): Promise<FlushedDto> {
    if (!all && Object.keys(filter).length === 0)
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'flush connections',
        on: nsInstanceId,
        why: 'it does not say which',
        remedy: 'Give an address, a port or a protocol, or ask for all',
      });
    const service = await this.hosts.service(nsInstanceId, 'flush connections');
    let flushed = 0;
    for (const { host, key } of tablesOf(service, underservice))
      flushed += (
        await this.hosts.ask(host, 'flush-connections', { instance: key, filter }, ANSWER_WITHIN_MS)
      ).flushed;
    return { flushed };
  }
}

/** One instance of each firewall on each host: all of them there have the same connections. */
function tablesOf(service: DeployedService, underservice: string | undefined): On<DesiredInstance>[] {
  const firewalls = new Set(
    service.graph?.underservices
      .filter(({ kind, name }) => kind === 'firewall' && (underservice ?? name) === name)
      .map(({ name }) => name),
  );
  const tables = new Map<string, On<DesiredInstance>>();
  for (const instance of service.instances())
    if (firewalls.has(instance.underservice))
      tables.set(`${instance.host} ${instance.stateOwner ?? instance.key}`, instance);
  if (tables.size === 0) throw notFound('firewall', `${underservice ?? 'any'} of ${service.name}`);
  return [...tables.values()];
}

function present(
  { graph, plan }: DeployedService,
  { host, underservice }: On<DesiredInstance>,
  { state, rule, from, to, ...rest }: LiveConnection,
): ConnectionDto {
  const names = serviceAddresses(plan);
  const named = (end: LiveConnection['from']): ConnectionDto['from'] => {
    const [name] = [...names].find(([, addresses]) => addresses.includes(end.address)) ?? [];
    return name === undefined ? end : { ...end, name };
  };
  const model = graph?.underservices.find(({ name }) => name === underservice)?.model ?? {};
  return {
    host,
    underservice,
    state: FIREWALL_STATES[state] ?? String(state),
    from: named(from),
    to: named(to),
    rule: rule === 0 ? 'default' : firewallRuleName(model, rule),
    ...rest,
  };
}
