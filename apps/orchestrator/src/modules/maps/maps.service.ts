import { Injectable } from '@nestjs/common';
import { UnderwareError } from '@underware/core';
import type { BtfValue } from '@underware/core';
import { LARGEST_PAGE } from '@underware/jobs';
import { found } from '../../not-found.js';
import { LiveHosts } from '../questions/live-hosts.js';
import type { MapDto, MapPageDto, MapRowDto } from './maps.dto.js';

const DEFAULT_LIMIT = 100;

/** Maps of the plugin instances that a service has on its hosts. */
@Injectable()
export class MapsService {
  constructor(private readonly hosts: LiveHosts) {}

  async list(nsInstanceId: string, instance: string): Promise<MapDto[]> {
    const host = await this.hostOf(nsInstanceId, instance);
    return (await this.hosts.ask(host, 'maps', { instance })).maps;
  }

  async read(
    nsInstanceId: string,
    instance: string,
    map: string,
    { offset = 0, limit = DEFAULT_LIMIT }: { offset?: number | undefined; limit?: number | undefined },
  ): Promise<MapPageDto> {
    checkPage('read a map', map, offset, limit);
    const host = await this.hostOf(nsInstanceId, instance);
    return this.hosts.ask(host, 'map-rows', { instance, map, offset, limit });
  }

  async get(nsInstanceId: string, instance: string, map: string, entry: string): Promise<MapRowDto> {
    const key = readKey(entry);
    const host = await this.hostOf(nsInstanceId, instance);
    const { rows } = await this.hosts.ask(host, 'map-rows', { instance, map, key, offset: 0, limit: 1 });
    return found(rows[0], `entry of map ${map}`, entry);
  }

  async set(
    nsInstanceId: string,
    instance: string,
    map: string,
    entry: string,
    value: BtfValue,
  ): Promise<void> {
    const key = readKey(entry);
    const host = await this.hostOf(nsInstanceId, instance);
    await this.hosts.ask(host, 'map-edit', { instance, map, key, value });
  }

  async delete(nsInstanceId: string, instance: string, map: string, entry: string): Promise<void> {
    const key = readKey(entry);
    const host = await this.hostOf(nsInstanceId, instance);
    const { before } = await this.hosts.ask(host, 'map-edit', { instance, map, key });
    found(before, `entry of map ${map}`, entry);
  }

  private async hostOf(nsInstanceId: string, instance: string): Promise<string> {
    const service = await this.hosts.service(nsInstanceId, 'look at a map');
    const live = service.instances().find(({ key }) => key === instance);
    return found(live, 'plugin instance', `${instance} of ${service.name}`).host;
  }
}

export function checkPage(attempted: string, on: string, offset: number, limit: number): void {
  if (offset >= 0 && limit >= 1 && limit <= LARGEST_PAGE) return;
  throw new UnderwareError({
    code: 'INPUT_INVALID',
    attempted,
    on,
    why: `limit must be 1 to ${LARGEST_PAGE}, and offset at least 0`,
    remedy: 'Ask for fewer at a time',
  });
}

/** A key in an address: JSON, as it is read. */
function readKey(text: string): BtfValue {
  try {
    return JSON.parse(text) as BtfValue;
  } catch (cause) {
    throw new UnderwareError(
      {
        code: 'INPUT_INVALID',
        attempted: 'read the key of an entry',
        on: text,
        why: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Write it as JSON, as it is read: 7, or {"field":7}',
      },
      { cause },
    );
  }
}
