import { Injectable } from '@nestjs/common';
import { hookFor } from '@underware/core';
import type { DesiredPort, Direction, Hook } from '@underware/core';
import type { TracedHop } from '@underware/jobs';
import { describeFrame, parsePacketText } from '@underware/packet';
import { serviceAddresses } from '@underware/planner';
import { labelTelemetry } from '@underware/underservices';
import { LiveHosts } from '../questions/live-hosts.js';
import { nameOfPort, type DeployedService } from '../questions/deployed-service.js';
import { nextStation } from './next-station.js';
import { resolveEnds } from './resolve-ends.js';
import type { TraceCounterDto, TraceDto, TraceHopDto, TraceRequest } from './traces.dto.js';

/** Plugins are loaded for it: longer than a question that only reads. */
const ANSWER_WITHIN_MS = 30_000;

@Injectable()
export class TracesService {
  constructor(private readonly hosts: LiveHosts) {}

  async trace(
    nsInstanceId: string,
    { port: name, direction = 'inbound', packet: words, destinationMac }: TraceRequest,
  ): Promise<TraceDto> {
    const service = await this.hosts.service(nsInstanceId, 'trace a packet');
    const port = service.port(name);
    const packet = resolveEnds(parsePacketText(words), serviceAddresses(service.plan));
    const hook = hookOf(port, direction);
    const next =
      direction === 'outbound' ? nextStation(port, service.ports(), packet.destination) : undefined;
    const mac = destinationMac?.toLowerCase() ?? next;
    const answer = await this.hosts.ask(
      port.host,
      'trace',
      { port: port.key, hook, packet, ...(mac === undefined ? {} : { destinationMac: mac }) },
      ANSWER_WITHIN_MS,
    );
    const frames = [answer.sent, ...answer.hops.map(({ frame }) => frame)];
    return {
      host: port.host,
      port: name,
      device: port.device,
      direction,
      hook,
      packet: wordsOf(answer.sent),
      frame: answer.sent,
      verdict: answer.verdict,
      hops: answer.hops.map((hop, i) => presentHop(service, hop, hop.frame !== frames[i])),
    };
  }
}

/** What is delivered to a port of a segment meets another hook than what comes from the host. */
function hookOf({ kind, delivered }: DesiredPort, direction: Direction): Hook {
  return delivered && direction === 'inbound' ? 'xdp/egress' : hookFor(kind, direction);
}

function presentHop(
  service: DeployedService,
  { device, hook, key, verdict, frame, maps }: TracedHop,
  altered: boolean,
): TraceHopDto {
  const instance = service.instances().find((each) => each.key === key);
  return {
    port: instance ? nameOfPort(instance.port) : device,
    device,
    hook,
    key,
    underservice: instance?.underservice ?? '',
    plugin: instance ? `${instance.plugin.name}@${instance.plugin.version}` : '',
    verdict,
    counters: countersOf(service, instance?.underservice, maps),
    altered,
    packet: wordsOf(frame),
    frame,
  };
}

function countersOf(
  { graph, plan }: DeployedService,
  underservice: string | undefined,
  maps: TracedHop['maps'],
): TraceCounterDto[] {
  const node = graph?.underservices.find(({ name }) => name === underservice);
  if (!node) return [];
  const labelled = labelTelemetry(node.kind, node.model, maps, serviceAddresses(plan));
  return Object.entries(labelled).flatMap(([map, rows]) =>
    rows.flatMap(({ label, value }) => {
      const packets = packetsOf(value);
      return label === undefined || packets === 0 ? [] : [{ map, name: label, packets }];
    }),
  );
}

function packetsOf(value: unknown): number {
  if (typeof value !== 'object' || value === null || !('packets' in value)) return 0;
  return typeof value.packets === 'number' ? value.packets : 0;
}

function wordsOf(frame: string): string {
  return describeFrame(Buffer.from(frame, 'hex'));
}
