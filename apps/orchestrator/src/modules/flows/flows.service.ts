import { Injectable } from '@nestjs/common';
import { directionOf, toErrorReport, UnderwareError } from '@underware/core';
import type { DesiredInstance } from '@underware/core';
import { MOST_FLOWS } from '@underware/jobs';
import type { SeenFlow } from '@underware/jobs';
import { Truth } from '@underware/store';
import { readFlowEnds, tcpFlags } from '@underware/underservices';
import { notFound } from '../../not-found.js';
import { nameOfPort } from '../questions/deployed-service.js';
import type { DeployedService, On } from '../questions/deployed-service.js';
import { LiveHosts } from '../questions/live-hosts.js';
import type { FlowDto, FlowsDto } from './flows.dto.js';

const TOP = 20;

@Injectable()
export class FlowsService {
  constructor(
    private readonly hosts: LiveHosts,
    private readonly truth: Truth,
  ) {}

  /** Asks every host with a probe of the service; one that does not answer takes nothing from what the others say. */
  async top(nsInstanceId: string, top = TOP, port?: string): Promise<FlowsDto> {
    if (top < 1 || top > MOST_FLOWS) throw badTop();
    const service = await this.hosts.service(nsInstanceId, 'read flows');
    const probes = probesOf(service, port);
    const names = new Map(
      (await this.truth.hosts.findMany(probes.map(({ host }) => host))).map((row) => [row.id, row.name]),
    );
    const answer: FlowsDto = { flows: [], known: 0, silent: [] };
    const ask = async (host: string): Promise<void> => {
      const hostName = names.get(host) ?? host;
      const mine = probes.filter((probe) => probe.host === host);
      try {
        const said = await this.hosts.ask(host, 'flows', { instances: mine.map(({ key }) => key), top });
        answer.known += said.known;
        for (const seen of said.flows) {
          const probe = mine.find(({ key }) => key === seen.instance);
          const flow = probe && present(seen, probe, hostName);
          if (flow) answer.flows.push(flow);
        }
      } catch (thrown) {
        answer.silent.push({ hostName, why: toErrorReport(thrown, 'read flows', hostName).why });
      }
    };
    await Promise.all([...new Set(probes.map(({ host }) => host))].map(ask));
    answer.flows.sort((a, b) => b.bytes - a.bytes || (a.startedAt < b.startedAt ? -1 : 1));
    return { ...answer, flows: answer.flows.slice(0, top) };
  }
}

function probesOf(service: DeployedService, port: string | undefined): On<DesiredInstance>[] {
  const kinds = new Map(service.graph?.underservices.map(({ name, kind }) => [name, kind]));
  const probes = service.instances().filter(({ underservice }) => kinds.get(underservice) === 'probe');
  const wanted = probes.filter((probe) => port === undefined || nameOfPort(probe.port) === port);
  if (wanted.length > 0) return wanted;
  if (port !== undefined && probes.length > 0) throw notFound('probe', `on ${port} of ${service.name}`);
  throw new UnderwareError({
    code: 'NOT_FOUND',
    attempted: 'read flows',
    on: service.name,
    why: 'it has no probe, and only probes remember flows',
    remedy: 'Add a node of type underware.nodes.Probe on the ports to be watched',
  });
}

function present(
  seen: SeenFlow,
  { underservice, port, hook, host }: On<DesiredInstance>,
  hostName: string,
): FlowDto | undefined {
  const flow = readFlowEnds(seen.key);
  if (!flow) return undefined;
  const { value, startedAt, lastAt } = seen;
  const destinationRttUs = Number(value['destination_rtt_us'] ?? 0);
  const sourceRttUs = Number(value['source_rtt_us'] ?? 0);
  return {
    flow,
    packets: Number(value['packets']),
    bytes: Number(value['bytes']),
    startedAt,
    lastAt,
    tcpFlags: tcpFlags(Number(value['tcp_flags'] ?? 0)),
    ...(destinationRttUs > 0 ? { destinationRttUs } : {}),
    ...(sourceRttUs > 0 ? { sourceRttUs } : {}),
    host,
    hostName,
    underservice,
    port: nameOfPort(port),
    direction: directionOf(port.startsWith('uplink/') ? 'uplink' : 'veth', hook),
  };
}

function badTop(): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'read flows',
    on: 'the query',
    why: `top must be 1 to ${MOST_FLOWS}`,
    remedy: 'Correct the query',
  });
}
