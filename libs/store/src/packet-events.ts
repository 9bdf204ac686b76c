import type { AgentMessage, Hook } from '@underware/core';
import type { EntityManager } from 'typeorm';

/** Kept of each service instance, the newest; `docs/underservices/probe.md` says so. */
export const KEPT_PACKET_EVENTS = 2_000;

export interface PacketEventRow {
  /** Grows with every event. */
  id: string;
  nsInstanceId: string;
  hostId: string;
  hostName: string;
  underservice: string;
  /** The port's key. */
  port: string;
  hook: Hook;
  at: Date;
  record: Record<string, unknown>;
  /** So many came before it from the same instance and were not told. */
  lost: number;
}

/** What plugins reported of packets: a ring of the newest of each service. */
export class PacketEvents {
  constructor(private readonly manager: EntityManager) {}

  /**
   * Keeps what a host said, once, and forgets what is beyond the ring; of services that are not there, nothing. Gives back
   * of which services something is new, and the id before the first of it.
   */
  async add(
    { host, boot, sequence, instances }: Extract<AgentMessage, { type: 'events' }>,
    most = KEPT_PACKET_EVENTS,
  ): Promise<{ service: string; after: string }[]> {
    const rows = instances.flatMap(({ service, underservice, port, hook, events, lost }) =>
      events.map(({ at, record }, index) => ({
        service,
        underservice,
        port,
        hook,
        at,
        record,
        lost: index === 0 ? lost : 0,
      })),
    );
    if (rows.length === 0) return [];
    const kept: { service: string; after: string }[] = await this.manager.query(
      `WITH kept AS (
         INSERT INTO packet_event
           (ns_instance_id, host_id, boot, sequence, place, underservice, port, hook, at, record, lost)
         SELECT service.id, $1::uuid, $2, $3, event.place, event.body ->> 'underservice', event.body ->> 'port',
                event.body ->> 'hook', (event.body ->> 'at')::timestamptz, event.body -> 'record',
                (event.body ->> 'lost')::bigint
           FROM jsonb_array_elements($4::jsonb) WITH ORDINALITY AS event(body, place)
           JOIN ns_instance service ON service.id::text = event.body ->> 'service'
          ORDER BY event.place
         ON CONFLICT DO NOTHING RETURNING id, ns_instance_id
       )
       SELECT ns_instance_id AS service, (min(id) - 1)::text AS after FROM kept GROUP BY ns_instance_id`,
      [host, boot, sequence, JSON.stringify(rows)],
    );
    for (const { service } of kept) {
      await this.manager.query(
        `DELETE FROM packet_event WHERE ns_instance_id = $1 AND id <= (
           SELECT id FROM packet_event WHERE ns_instance_id = $1 ORDER BY id DESC OFFSET $2 LIMIT 1)`,
        [service, most],
      );
    }
    return kept;
  }

  /** The newest ones, oldest first; with `after`, of those behind it. */
  async list(service: string, limit: number, after = '0'): Promise<PacketEventRow[]> {
    return this.manager.query(
      `SELECT * FROM (
         SELECT event.id, event.ns_instance_id AS "nsInstanceId", event.host_id AS "hostId", host.name AS "hostName",
                event.underservice, event.port, event.hook, event.at, event.record, event.lost::integer
           FROM packet_event event JOIN host ON host.id = event.host_id
          WHERE event.ns_instance_id = $1 AND event.id > $2 ORDER BY event.id DESC LIMIT $3) newest
        ORDER BY id`,
      [service, after, limit],
    );
  }
}
