import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import { LiveHosts } from '../questions/live-hosts.js';

const LONGEST_TAIL = 10_000;

@Injectable()
export class LogsService {
  constructor(private readonly hosts: LiveHosts) {}

  async get(nsInstanceId: string, vnf: string, tail: number): Promise<string> {
    if (tail < 1 || tail > LONGEST_TAIL) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'read logs',
        on: vnf,
        why: `tail must be 1 to ${LONGEST_TAIL}`,
        remedy: 'Ask for fewer lines',
      });
    }
    const service = await this.hosts.service(nsInstanceId, 'read logs');
    const { host, key } = service.workload(vnf);
    const { text } = await this.hosts.ask(host, 'logs', { service: nsInstanceId, vnf, workload: key, tail });
    return text;
  }
}
