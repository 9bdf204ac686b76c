import { Inject, Injectable } from '@nestjs/common';
import type { OnApplicationBootstrap, OnApplicationShutdown } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import { Truth } from '@underware/store';
import type { Change, ChangeFeed } from '@underware/store';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { LOG } from '../../log.js';
import type { Log } from '../../log.js';
import { HostsService } from '../hosts/hosts.service.js';
import { OperationsService } from '../operations/operations.service.js';
import { PacketEventsService } from '../packet-events/packet-events.service.js';

interface Filters {
  service: string | undefined;
  operation: string | undefined;
}

interface Subscriber {
  response: ServerResponse;
  filters: Filters;
}

const HEADERS = {
  'Content-Type': 'text/event-stream',
  'Cache-Control': 'no-store',
  'X-Accel-Buffering': 'no',
};
const MOST_SUBSCRIBERS = 256;
/** Who reads slower than this is let go, and comes back when it wants to. */
const MOST_UNSENT_BYTES = 4 * 1024 * 1024;
/** Of one service told in one go: who is told is behind the others as it is, and the newest say the most. */
const MOST_PACKETS = 500;
/** Keeps connections open through whatever ends silent ones. */
const COMMENT_EVERY_MS = 15_000;

/** Tells subscribers what changed, as the resources are when they are told. */
@Injectable()
export class EventsService implements OnApplicationBootstrap, OnApplicationShutdown {
  private readonly subscribers = new Set<Subscriber>();
  private feed: ChangeFeed | undefined;
  private timer: NodeJS.Timeout | undefined;
  /** What is still to be told, by what it is about: of each only the newest counts, since it is read when it is told. */
  private readonly untold = new Map<string, Change>();
  private telling: Promise<void> | undefined;

  constructor(
    private readonly truth: Truth,
    private readonly operations: OperationsService,
    private readonly hosts: HostsService,
    private readonly packetEvents: PacketEventsService,
    @Inject(LOG) private readonly log: Log,
  ) {}

  async onApplicationBootstrap(): Promise<void> {
    this.feed = await this.truth.follow(
      (change) => this.queue(change),
      (error) => this.log.warn({ error }, 'the change feed was lost; it comes back by itself'),
    );
    this.timer = setInterval(() => this.send(': \n\n', () => true), COMMENT_EVERY_MS);
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    for (const { response } of this.subscribers) response.end();
    await this.feed?.close();
    await this.telling;
  }

  follow(request: IncomingMessage, response: ServerResponse, filters: Filters): void {
    if (this.subscribers.size >= MOST_SUBSCRIBERS) {
      throw new UnderwareError({
        code: 'STATE_CONFLICT',
        attempted: 'follow events',
        on: 'the API',
        why: `${MOST_SUBSCRIBERS} callers follow already`,
        remedy: 'Close streams that nobody reads',
      });
    }
    response.writeHead(200, HEADERS);
    if (request.method === 'HEAD') return void response.end();
    response.write(': follow\n\n');
    const subscriber = { response, filters };
    this.subscribers.add(subscriber);
    request.on('close', () => this.subscribers.delete(subscriber));
    response.on('error', () => this.subscribers.delete(subscriber));
  }

  private queue(change: Change): void {
    if (![...this.subscribers].some(({ filters }) => mayWant(filters, change))) return;
    const key = keyOf(change);
    const waiting = this.untold.get(key);
    // What has an order is told from the first that is not: an earlier change covers the later one.
    this.untold.set(key, waiting && 'after' in waiting ? waiting : change);
    this.telling ??= this.tellAll().finally(() => (this.telling = undefined));
  }

  /** One after the other, so that subscribers see them in order. */
  private async tellAll(): Promise<void> {
    for (const [key, change] of this.untold) {
      this.untold.delete(key);
      await this.tell(change).catch((error: unknown) =>
        this.log.warn({ error, change }, 'cannot tell a change'),
      );
    }
  }

  private async tell(change: Change): Promise<void> {
    switch (change.kind) {
      case 'operation': {
        const operation = await this.operations.get(change.operation);
        this.send(
          event('operation', operation),
          ({ service, operation: id }) => matches(service, change.service) && matches(id, change.operation),
        );
        return;
      }
      case 'step': {
        const { operation, service, after } = change;
        const steps = operation
          ? await this.operations.steps(operation, after)
          : await this.operations.mendingSteps(service, after);
        const of = operation === undefined ? {} : { operation };
        const text = steps.map((step) => event('step', { ...step, ...of })).join('');
        this.send(
          text,
          (filters) => matches(filters.service, service) && matches(filters.operation, operation),
        );
        return;
      }
      case 'host': {
        const host = await this.truth.hosts.find(change.host);
        const body = host ? this.hosts.present(host) : { id: change.host, removed: true };
        this.send(
          event('host', body),
          ({ service, operation }) => service === undefined && operation === undefined,
        );
        return;
      }
      case 'telemetry':
        return this.tellTelemetry(change.host);
      case 'packets': {
        const told = await this.packetEvents.list(change.service, MOST_PACKETS, change.after);
        const text = told.map((each) => event('packet', each)).join('');
        this.send(text, (filters) => matches(filters.service, change.service) && !filters.operation);
      }
    }
  }

  private async tellTelemetry(host: string): Promise<void> {
    const [row] = await this.truth.hosts.telemetry([host]);
    if (!row) return;
    const { at, generation, chains, instances, workloads } = row.body;
    this.send(
      event('telemetry', { host, at, generation, chains, instances, workloads }),
      ({ service, operation }) => service === undefined && operation === undefined,
    );
    const services = new Set([...instances, ...workloads].map(({ service }) => service));
    for (const service of services) {
      const body = {
        host,
        at,
        generation,
        chains,
        instances: instances.filter((each) => each.service === service),
        workloads: workloads.filter((each) => each.service === service),
      };
      this.send(event('telemetry', body), (filters) => filters.service === service && !filters.operation);
    }
  }

  private send(text: string, wants: (filters: Filters) => boolean): void {
    for (const subscriber of this.subscribers) {
      if (!wants(subscriber.filters)) continue;
      subscriber.response.write(text);
      if (subscriber.response.writableLength <= MOST_UNSENT_BYTES) continue;
      this.subscribers.delete(subscriber);
      subscriber.response.destroy();
    }
  }
}

function keyOf(change: Change): string {
  const operation = 'operation' in change ? change.operation : undefined;
  const about = operation ?? ('service' in change ? change.service : change.host);
  return `${change.kind} ${about}`;
}

/** Whether it is worth to read what changed; of telemetry only reading tells whose it is. */
function mayWant({ service, operation }: Filters, change: Change): boolean {
  switch (change.kind) {
    case 'operation':
    case 'step':
      return matches(service, change.service) && matches(operation, change.operation);
    case 'host':
      return service === undefined && operation === undefined;
    case 'telemetry':
      return operation === undefined;
    case 'packets':
      return operation === undefined && matches(service, change.service);
  }
}

function matches(filter: string | undefined, value: string | undefined): boolean {
  return filter === undefined || filter === value;
}

function event(name: string, data: unknown): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
