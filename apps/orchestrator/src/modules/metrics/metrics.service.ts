import { Injectable } from '@nestjs/common';
import { Truth } from '@underware/store';
import { HostsService } from '../hosts/hosts.service.js';
import { collectFamilies } from './collect-families.js';
import { exposition } from './exposition.js';

const VERSION = '0.1.0';

/** What hosts last said, made ready for Prometheus; nobody is asked anew. */
@Injectable()
export class MetricsService {
  constructor(
    private readonly truth: Truth,
    private readonly hosts: HostsService,
  ) {}

  async text(): Promise<string> {
    const [rows, telemetry, services, operations] = await Promise.all([
      this.truth.hosts.list(),
      this.truth.hosts.telemetry(),
      this.truth.instances.list(),
      this.truth.operations.list(),
    ]);
    const beats = new Map(telemetry.map(({ hostId, body }) => [hostId, body]));
    const now = Date.now();
    const hosts = rows.map((row) => {
      const { id, name, facts, lastHeartbeatAt } = row;
      const beat = beats.get(id);
      return {
        name,
        ready: this.hosts.present(row).ready,
        ...(facts ? { cpus: facts.cpus, memoryBytes: facts.memoryBytes } : {}),
        ...(lastHeartbeatAt ? { silentFor: Math.max(0, now - lastHeartbeatAt.getTime()) / 1000 } : {}),
        ...(beat ? { beat } : {}),
      };
    });
    return exposition(
      collectFamilies({
        version: VERSION,
        hosts,
        services: services.map(({ id, name, nsState, graph }) => ({
          id,
          name,
          state: nsState,
          underservices: graph?.underservices ?? [],
        })),
        operations,
      }),
    );
  }
}
