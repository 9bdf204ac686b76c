import type { InstanceConfig } from '@underware/core';
import type { BALANCER_COUNTERS } from '@underware/underservices';

export type Counter = (typeof BALANCER_COUNTERS)[number];

export interface Sent {
  protocol: 'tcp' | 'udp';
  family: 'ipv4' | 'ipv6';
  source: string;
  sourcePort: number;
  /** Of the virtual address. */
  port: number;
  flag: 'syn' | 'ack' | 'fin' | 'rst';
}

/** A backend as an author knows it; an address of each family, or of one. */
export interface Member {
  name: string;
  addresses: readonly string[];
  weight: number;
}

export interface Service {
  protocol: 'tcp' | 'udp';
  port: number;
  target: number;
}

interface Connection {
  backend: string;
  address: string;
  target: number;
  state: 'opening' | 'open' | 'closing' | 'datagrams';
}

/** `to` is undefined for a packet that is dropped. */
export interface Judgement {
  counted: Counter[];
  to?: { address: string; port: number };
}

const TRIES = 16;
const PROTOCOLS = { tcp: 6, udp: 17 };

/**
 * A load balancer as its page describes it, in a few plain tables. Of the compiled config it reads the rings alone, since
 * which slot is whose is the subject of tests of their own; nothing is ever forgotten for its age.
 */
export class ReferenceBalancer {
  readonly connections = new Map<string, Connection>();
  readonly #returns = new Map<string, number>();
  readonly #affinities = new Map<string, string>();
  /** By name: what checks found. */
  readonly health = new Map<string, 'up' | 'down'>();
  #members: readonly Member[] = [];
  #rings: Record<Sent['family'], number[]> = { ipv4: [], ipv6: [] };

  constructor(
    private readonly services: readonly Service[],
    private readonly settings: { bySource: boolean; checked: boolean; drains: boolean },
  ) {}

  /** Another revision. */
  revise(members: readonly Member[], config: InstanceConfig): void {
    this.#members = members;
    this.#rings = { ipv4: ringOf(config, 0), ipv6: ringOf(config, 1) };
  }

  /** What becomes of what a client sends to the virtual address. */
  send(sent: Sent): Judgement {
    const service = this.services.find(
      ({ protocol, port }) => protocol === sent.protocol && port === sent.port,
    );
    if (service === undefined) return { counted: ['no_service'] };
    const key = flowKey(sent);
    const counted: Counter[] = [];
    let connection = this.connections.get(key);
    const begins = sent.protocol === 'tcp' && sent.flag === 'syn';
    if (connection && begins && connection.state !== 'opening') connection = undefined;
    if (connection && !this.#stays(connection, begins)) {
      counted.push('moved');
      connection = undefined;
    }
    if (connection) connection.state = nextState(connection.state, sent);
    else {
      const picked = this.#pick(sent, counted);
      if (picked === undefined) return { counted: ['no_backend', ...counted] };
      connection = {
        backend: picked.name,
        address: addressIn(picked, sent.family) ?? '',
        target: service.target,
        state: begins ? 'opening' : nextState('open', sent),
      };
      this.connections.set(key, connection);
      counted.push('opened');
    }
    const { address, target } = connection;
    this.#returns.set(returnKey(sent, address, target), service.port);
    return { counted: ['forwarded', ...counted], to: { address, port: target } };
  }

  /** The port of the virtual address that an answer of a backend comes from; undefined where it is no answer. */
  answer(sent: Omit<Sent, 'port'>, { address, port }: { address: string; port: number }): number | undefined {
    const virtual = this.#returns.get(returnKey(sent, address, port));
    if (virtual === undefined) return undefined;
    const connection = this.connections.get(flowKey({ ...sent, port: virtual }));
    if (connection && sent.protocol === 'tcp' && ends(sent.flag)) connection.state = 'closing';
    return virtual;
  }

  #stays({ backend, state }: Connection, begins: boolean): boolean {
    const own = this.#members.find(({ name }) => name === backend);
    const unanswered = state === 'opening' && begins;
    const anew = unanswered || state === 'datagrams';
    if (own && own.weight > 0) return !(anew && this.#isDown(own));
    return !unanswered && this.settings.drains;
  }

  #isDown({ name }: Member): boolean {
    return this.settings.checked && this.health.get(name) === 'down';
  }

  #serves({ name }: Member): boolean {
    return !this.settings.checked || this.health.get(name) === 'up';
  }

  #pick(sent: Sent, counted: Counter[]): Member | undefined {
    if (!this.settings.bySource) return this.#fromRing(sent, counted);
    const name = this.#affinities.get(sent.source);
    const known = this.#members.find((member) => member.name === name);
    if (known && known.weight > 0 && !this.#isDown(known) && this.#isElsewhere(known, sent)) return known;
    const picked = this.#fromRing(sent, counted);
    if (picked) this.#affinities.set(sent.source, picked.name);
    return picked;
  }

  #fromRing(sent: Sent, counted: Counter[]): Member | undefined {
    const ring = this.#rings[sent.family];
    if (ring.length === 0) return undefined;
    let hash = this.#hash(sent);
    let first: Member | undefined;
    for (let i = 0; i < TRIES; i += 1) {
      const member = this.#members[ring[hash % ring.length] ?? 0];
      if (member && this.#isElsewhere(member, sent)) {
        if (this.#serves(member)) return member;
        first ??= member;
      }
      hash = mix(hash, i + 1);
    }
    for (let i = 0; i < this.#members.length; i += 1) {
      const member = this.#members[((hash + i) >>> 0) % this.#members.length];
      if (!member || member.weight === 0 || !this.#isElsewhere(member, sent)) continue;
      if (this.#serves(member)) return member;
      first ??= member;
    }
    if (first) counted.push('none_healthy');
    return first;
  }

  #isElsewhere(member: Member, { family, source }: Sent): boolean {
    const address = addressIn(member, family);
    return address !== undefined && address !== source;
  }

  #hash({ source, sourcePort, port, protocol }: Sent): number {
    let hash = 0;
    for (const word of wordsOf(source)) hash = mix(hash, word);
    if (this.settings.bySource) return hash;
    return mix(mix(hash, ((sourcePort << 16) | port) >>> 0), PROTOCOLS[protocol]);
  }
}

export function addressIn({ addresses }: Member, family: Sent['family']): string | undefined {
  return addresses.find((address) => address.includes(':') === (family === 'ipv6'));
}

function mix(hash: number, word: number): number {
  let mixed = Math.imul(hash ^ word, 0x85ebca6b) >>> 0;
  mixed = Math.imul(mixed ^ (mixed >>> 13), 0xc2b2ae35) >>> 0;
  return (mixed ^ (mixed >>> 16)) >>> 0;
}

/** An address as the plugin has it in memory: four words of this machine, IPv4 in its IPv4-mapped form. */
function wordsOf(address: string): number[] {
  const view = new DataView(new ArrayBuffer(16));
  if (address.includes(':')) {
    const [head = '', tail = ''] = address.split('::');
    groupsOf(head).forEach((group, i) => view.setUint16(i * 2, group));
    const last = groupsOf(tail);
    last.forEach((group, i) => view.setUint16(16 - (last.length - i) * 2, group));
  } else {
    view.setUint16(10, 0xffff);
    address.split('.').forEach((byte, i) => view.setUint8(12 + i, Number(byte)));
  }
  return [0, 4, 8, 12].map((at) => view.getUint32(at, true));
}

function groupsOf(text: string): number[] {
  return text === '' ? [] : text.split(':').map((group) => Number.parseInt(group, 16));
}

function ringOf({ rodata, maps }: InstanceConfig, family: number): number[] {
  const { rings } = rodata['balancer_config'] as { rings: { first_row: number; slots: number }[] };
  const { first_row: first = 0, slots = 0 } = rings[family] ?? {};
  const rows = (maps['ring'] ?? []).map(({ value }) => (value as { slots: number[] }).slots);
  return rows.slice(first).flat().slice(0, slots);
}

function nextState(state: Connection['state'], { protocol, flag }: Sent): Connection['state'] {
  if (protocol === 'udp') return 'datagrams';
  if (ends(flag)) return 'closing';
  return state === 'opening' && flag !== 'syn' ? 'open' : state;
}

function ends(flag: Sent['flag']): boolean {
  return flag === 'fin' || flag === 'rst';
}

function flowKey({ protocol, source, sourcePort, port }: Sent): string {
  return `${protocol} ${source} ${sourcePort} ${port}`;
}

function returnKey(
  { protocol, source, sourcePort }: Omit<Sent, 'port'>,
  address: string,
  port: number,
): string {
  return `${protocol} ${source} ${sourcePort} ${address} ${port}`;
}
