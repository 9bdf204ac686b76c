import { Injectable } from '@nestjs/common';
import { directionOf, UnderwareError } from '@underware/core';
import { KEPT_PACKET_EVENTS, Truth } from '@underware/store';
import type { PacketEventRow, ServiceInstanceRow } from '@underware/store';
import { describeEvent } from '@underware/underservices';
import { found } from '../../not-found.js';
import type { PacketEventDto } from './packet-events.dto.js';

const PAGE = 100;

@Injectable()
export class PacketEventsService {
  constructor(private readonly truth: Truth) {}

  async list(nsInstanceId: string, limit = PAGE, after?: string): Promise<PacketEventDto[]> {
    if (limit < 1 || limit > KEPT_PACKET_EVENTS || (after !== undefined && !/^\d{1,18}$/.test(after))) {
      throw new UnderwareError({
        code: 'INPUT_INVALID',
        attempted: 'list events of packets',
        on: 'the query',
        why: `limit must be 1 to ${KEPT_PACKET_EVENTS} and after an event's id`,
        remedy: 'Correct the query',
      });
    }
    const service = found(await this.truth.instances.find(nsInstanceId), 'service instance', nsInstanceId);
    const rows = await this.truth.packetEvents.list(nsInstanceId, limit, after);
    return rows.map((row) => present(row, service));
  }
}

/** With the names of the graph as it is now: a rule that is gone since is told by its number. */
function present(row: PacketEventRow, service: ServiceInstanceRow): PacketEventDto {
  const node = service.graph?.underservices.find(({ name }) => name === row.underservice);
  return {
    id: row.id,
    at: row.at.toISOString(),
    service: service.id,
    serviceName: service.name,
    host: row.hostId,
    hostName: row.hostName,
    underservice: row.underservice,
    port: row.port.slice(row.port.indexOf('/') + 1),
    direction: directionOf(row.port.startsWith('uplink/') ? 'uplink' : 'veth', row.hook),
    ...(node ? describeEvent(node.kind, node.model, row.record) : { what: 'event' }),
    lost: row.lost,
    record: row.record,
  };
}
