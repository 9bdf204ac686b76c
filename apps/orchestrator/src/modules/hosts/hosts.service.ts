import { Inject, Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import { messageKey, Queues } from '@underware/jobs';
import { Truth } from '@underware/store';
import type { HostRow } from '@underware/store';
import { randomBytes, randomUUID } from 'node:crypto';
import { Configuration } from '../../configuration.js';
import { tokenHash } from '../../http/authenticate.js';
import { LOG } from '../../log.js';
import type { Log } from '../../log.js';
import { conflict, found } from '../../not-found.js';
import { Uptime } from '../../uptime.js';
import { readinessOf, usedBy } from './host-readiness.js';
import type { EnrolHostRequest, EnrolledHost, Host } from './hosts.dto.js';

const MOST_LABELS = 64;
const LABEL = /^[a-z0-9][a-z0-9._/-]{0,127}$/i;
const VALUE = /^[^\p{Cc}]{0,255}$/u;

@Injectable()
export class HostsService {
  constructor(
    private readonly truth: Truth,
    private readonly queues: Queues,
    private readonly configuration: Configuration,
    private readonly uptime: Uptime,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async list(): Promise<Host[]> {
    const rows = await this.truth.hosts.list();
    return rows.map((row) => this.present(row));
  }

  async get(id: string): Promise<Host> {
    return this.present(found(await this.truth.hosts.find(id), 'host', id));
  }

  async enrol({ name, labels = {} }: EnrolHostRequest): Promise<EnrolledHost> {
    refuseBadLabels(name, labels);
    if (await this.truth.hosts.nameTaken(name)) {
      throw conflict(
        'enrol the host',
        name,
        'a host of this name is enrolled',
        'Remove it first, or choose another name',
      );
    }
    const id = randomUUID();
    const token = randomBytes(32).toString('base64url');
    const key = messageKey(token);
    // First, so that a host never stands in the truth without a way to the queues; the worker takes back one without a host.
    const queueUrl = await this.queues.admitHost(id, key, this.configuration.agentQueueUrl);
    await this.truth.transaction(async (records) => {
      await records.hosts.create({
        id,
        name,
        labels,
        tokenHash: tokenHash(token),
        messageKey: key,
        createdAt: new Date(),
      });
      await records.announce({ kind: 'host', host: id });
    });
    return { id, name, token, queueUrl };
  }

  /** With force, also one that holds something: it is gone for good, and nobody waits for it any more. */
  async remove(id: string, force: boolean): Promise<void> {
    const name = await this.truth.transaction(async (records) => {
      // Locked like an operation does it: none can place something here in between.
      const [desired] = await records.hosts.lockDesired([id]);
      const host = found(await records.hosts.find(id), 'host', id);
      const services = (desired?.state.slices ?? []).map(({ service }) => service);
      const unfinished = await records.operations.waitingFor(id);
      if (!force && (services.length > 0 || unfinished.length > 0)) {
        throw conflict(
          'remove the host',
          host.name,
          services.length > 0
            ? `it holds service instances ${services.join(', ')}`
            : 'an operation waits for it',
          'Terminate them first; where the host is gone for good, remove it with force',
        );
      }
      await records.hosts.delete(id);
      await records.announce({ kind: 'host', host: id });
      return host.name;
    });
    await this.queues.removeHost(id).catch((error: unknown) => {
      // What is left there is sealed with a key that nobody has any more, and the worker takes the account back.
      this.log.warn({ error, host: name }, 'cannot remove the queues of a host');
    });
  }

  present(row: HostRow): Host {
    return {
      id: row.id,
      name: row.name,
      labels: row.labels,
      ...readinessOf(row, Date.now(), this.uptime.since, this.configuration.timings.hostSilenceMs),
      ...(row.registeredAt === null ? {} : { registeredAt: row.registeredAt.toISOString() }),
      ...(row.lastHeartbeatAt === null ? {} : { lastHeartbeatAt: row.lastHeartbeatAt.toISOString() }),
      desiredGeneration: row.desired?.generation ?? 0,
      appliedGeneration: row.report?.generation ?? 0,
      used: usedBy(row.desired?.state),
      ...(row.facts === null ? {} : { facts: row.facts }),
      slices: row.report?.slices ?? [],
    };
  }
}

/** Every list of hosts and every plan's inventory carries them. */
function refuseBadLabels(host: string, labels: Record<string, unknown>): void {
  const entries = Object.entries(labels);
  const bad = entries.find(
    ([label, value]) => !LABEL.test(label) || typeof value !== 'string' || !VALUE.test(value),
  );
  if (bad === undefined && entries.length <= MOST_LABELS) return;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'enrol the host',
    on: host,
    why:
      bad === undefined
        ? `it has ${entries.length} labels`
        : `label ${JSON.stringify(bad[0]).slice(0, 80)} is not one`,
    remedy: `Give at most ${MOST_LABELS} labels: names of letters, digits and ./_- up to 128, with text of one line up to 255 characters`,
  });
}
