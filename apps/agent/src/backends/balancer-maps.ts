import type { BtfValue, CheckedBackend } from '@underware/core';
import type { InstanceMaps } from '@underware/kernel';
import { parseIp } from '@underware/packet';
import type { Way } from './checked-balancer.js';

const TCP = 6;
/** BALANCER_OPENING of `bpf/load-balancer/load-balancer.h`. */
const OPENING = 0;
const SECOND_NS = 1_000_000_000n;
const ANY = { offset: 0, limit: 4096 };

/** A check as the plugin sees it. */
export interface Checked {
  way: Way;
  backend: CheckedBackend;
  /** Of the client's end. */
  sourcePort: number;
  /** Of the virtual address. */
  port: number;
}

/** What the agent writes into the maps of a load balancer, and what it reads there. */
export class BalancerMaps {
  constructor(private readonly maps: Pick<InstanceMaps, 'read' | 'get' | 'set' | 'delete'>) {}

  /** By id of the backend, whether it is down. NOT_FOUND where the instance is not there. */
  async health(instance: string): Promise<Map<number, boolean>> {
    const { rows } = await this.maps.read(instance, 'health', ANY);
    return new Map(rows.map(({ key, value }) => [Number(key), isDown(value)]));
  }

  async setHealth(instance: string, id: number, down: boolean): Promise<void> {
    await this.maps.set(instance, 'health', id, { down: down ? 1 : 0 });
  }

  async forget(instance: string, id: number): Promise<void> {
    await this.maps.delete(instance, 'health', id);
  }

  /** Has the connection that is about to be made go to the backend, whatever the ring and its health say. */
  async direct(checked: Checked): Promise<void> {
    const { way, backend } = checked;
    // A little ago: the programs' clock is a tick behind.
    const now = process.hrtime.bigint() - SECOND_NS;
    await this.maps.set(way.client.instance.key, 'connections', flowOf(checked, way.virtual, checked.port), {
      last_ns: integer(now),
      renewed_ns: 0,
      leaving_ns: 0,
      backend: mapped(way.target),
      id: backend.id,
      index: backend.index,
      backend_port: backend.port,
      state: OPENING,
      check: 1,
    });
  }

  async clear(checked: Checked): Promise<void> {
    const { way, backend } = checked;
    const { key } = way.client.instance;
    await this.maps.delete(key, 'connections', flowOf(checked, way.virtual, checked.port));
    await this.maps.delete(key, 'returns', flowOf(checked, way.target, backend.port));
  }
}

function flowOf({ way, sourcePort }: Checked, other: string, otherPort: number): BtfValue {
  return {
    client: mapped(way.source),
    other: mapped(other),
    client_port: sourcePort,
    other_port: otherPort,
    protocol: TCP,
  };
}

function mapped(address: string): number[] {
  const { bytes } = parseIp(address);
  return bytes.length === 16 ? [...bytes] : [...Array.from({ length: 10 }, () => 0), 255, 255, ...bytes];
}

/** Above what a number holds, the maps take decimal text. */
function integer(value: bigint): number | string {
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : value.toString();
}

function isDown(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'down' in value && Number(value.down) !== 0;
}
