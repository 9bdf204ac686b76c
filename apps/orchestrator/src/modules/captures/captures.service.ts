import { Injectable } from '@nestjs/common';
import { directionOf } from '@underware/core';
import type { DesiredInstance, Direction } from '@underware/core';
import { MOST_CAPTURED } from '@underware/jobs';
import { writePcapng } from '@underware/packet';
import { conflict, notFound } from '../../not-found.js';
import { nameOfPort } from '../questions/deployed-service.js';
import type { DeployedService, On } from '../questions/deployed-service.js';
import { LiveHosts } from '../questions/live-hosts.js';
import type { CaptureRequest } from './captures.dto.js';

/** Beside the time that the capture itself takes. */
const ANSWER_WITHIN_MS = 10_000;

export interface Capture {
  /** A pcapng file. */
  bytes: Uint8Array;
  packets: number;
  /** Packets that were to be in it and did not fit. */
  lost: number;
}

@Injectable()
export class CapturesService {
  constructor(private readonly hosts: LiveHosts) {}

  async capture(nsInstanceId: string, request: CaptureRequest): Promise<Capture> {
    const { every = 1, snap = MOST_CAPTURED.snap, count = 100, seconds = 10 } = request;
    const service = await this.hosts.service(nsInstanceId, 'capture packets');
    const probes = probesAt(service, request.port, request.direction);
    const instances = probes.map(({ key }) => key);
    const [first] = probes;
    const said = await this.hosts.ask(
      first.host,
      'capture',
      { instances, every, snap, count, seconds },
      seconds * 1000 + ANSWER_WITHIN_MS,
    );
    const frames = said.packets
      .map(({ instance, at, bytes, data }) => ({
        interface: Math.max(0, instances.indexOf(instance)),
        at,
        bytes,
        data: Buffer.from(data, 'base64'),
      }))
      .sort((a, b) => a.at - b.at);
    const interfaces = probes.map((probe) => ({
      name: `${nameOfPort(probe.port)} ${probe.hook}`,
      direction: direction(probe),
    }));
    return { bytes: writePcapng(interfaces, frames, snap), packets: frames.length, lost: said.lost };
  }
}

/** On one host: a port is on one, and of an uplink that several hosts have, it is the first. */
function probesAt(
  service: DeployedService,
  name: string,
  wanted: Direction | undefined,
): [On<DesiredInstance>, ...On<DesiredInstance>[]] {
  const port = service.port(name);
  const kinds = new Map(service.graph?.underservices.map((node) => [node.name, node]));
  const probes = service
    .instances()
    .filter(({ host, port: key }) => host === port.host && key === port.key)
    .filter(({ underservice }) => kinds.get(underservice)?.kind === 'probe')
    .filter((probe) => wanted === undefined || direction(probe) === wanted);
  const on = `${name} of ${service.name}`;
  if (probes.length === 0) throw notFound('probe', `on ${on}`);
  const [first, ...others] = probes.filter(
    ({ underservice }) => kinds.get(underservice)?.model['capture'] === true,
  );
  if (first) return [first, ...others];
  throw conflict(
    'capture packets',
    on,
    'its probe has no capture',
    'Give the probe the property `capture: true` and update the service',
  );
}

function direction({ port, hook }: DesiredInstance): Direction {
  return directionOf(port.startsWith('uplink/') ? 'uplink' : 'veth', hook);
}
