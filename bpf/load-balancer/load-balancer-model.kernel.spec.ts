import { expect } from '@jest/globals';
import * as fc from 'fast-check';
import type { PacketSpec } from '@underware/core';
import { buildPacket, readPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance } from '@underware/testkit';
import { BALANCER_COUNTERS } from '@underware/underservices';
import { balancerConfig, SHARED, VIRTUAL } from './balancer-config.spec-support.js';
import { ReferenceBalancer } from './balancer-reference.spec-support.js';
import type { Counter, Member, Sent } from './balancer-reference.spec-support.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const LIVES = 8;
const STEPS = 300;

const SERVICES = [
  { name: 'site', protocol: 'tcp', port: 80, target: 8080 },
  { name: 'admin', protocol: 'tcp', port: 443, target: 8443 },
  { name: 'names', protocol: 'udp', port: 53, target: 5353 },
] as const;
/** Some have both families, the first is a client too. */
const BACKENDS = Array.from({ length: 6 }, (_, i) => ({
  name: `backend${i}`,
  addresses: [
    ...(i === 4 ? [] : [`10.99.0.${1 + i}`]),
    ...(i === 5 ? [] : [i === 0 ? 'fd99::1' : `fd99:1::${i}`]),
  ],
}));

type Step =
  | { kind: 'send'; sent: Sent }
  | { kind: 'answer'; sent: Sent; from: number }
  | { kind: 'revise'; weights: number[] }
  | { kind: 'check'; backend: number; state: 'up' | 'down' };

const sent: fc.Arbitrary<Sent> = fc
  .record({
    protocol: fc.constantFrom<'tcp' | 'udp'>('tcp', 'tcp', 'udp'),
    family: fc.constantFrom<'ipv4' | 'ipv6'>('ipv4', 'ipv6'),
    client: fc.integer({ min: 1, max: 12 }),
    sourcePort: fc.integer({ min: 40_000, max: 40_005 }),
    port: fc.constantFrom(80, 80, 80, 443, 53, 53, 99),
    flag: fc.constantFrom<Sent['flag']>('syn', 'ack', 'ack', 'ack', 'fin', 'rst'),
  })
  .map(({ client, family, ...rest }) => ({
    ...rest,
    family,
    source: family === 'ipv4' ? `10.99.0.${client}` : `fd99::${client.toString(16)}`,
  }));
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 20, arbitrary: sent.map((each): Step => ({ kind: 'send', sent: each })) },
  {
    weight: 8,
    arbitrary: fc
      .tuple(sent, fc.integer({ min: 0, max: 5 }))
      .map(([each, from]): Step => ({ kind: 'answer', sent: each, from })),
  },
  {
    weight: 1,
    // -1: it is none of the backends.
    arbitrary: fc
      .array(fc.constantFrom(-1, 0, 1, 1, 1, 4), { minLength: 6, maxLength: 6 })
      .map((weights): Step => ({ kind: 'revise', weights })),
  },
  {
    weight: 2,
    arbitrary: fc
      .record({
        backend: fc.integer({ min: 0, max: 5 }),
        state: fc.constantFrom<'up' | 'down'>('up', 'up', 'down'),
      })
      .map((each): Step => ({ kind: 'check', ...each })),
  },
);
const life = fc.record({
  settings: fc.record({ bySource: fc.boolean(), checked: fc.boolean(), drains: fc.boolean() }),
  steps: fc.array(step, { minLength: STEPS, maxLength: STEPS }),
});

interface Life {
  settings: ConstructorParameters<typeof ReferenceBalancer>[1];
  steps: Step[];
}

/** The plugin's instances at a client's port, and what becomes of them. */
class Live {
  sent: PluginInstance | undefined;
  received: PluginInstance | undefined;
  readonly #ids = new Map<string, number>();
  readonly #counted = BALANCER_COUNTERS.map(() => 0);

  async revise(members: readonly Member[], { bySource, checked, drains }: Life['settings']) {
    const balancer = {
      backends: Object.fromEntries(members.map(({ name, addresses }) => [name, addresses])),
      weights: Object.fromEntries(members.map(({ name, weight }) => [name, weight])),
      services: SERVICES.map(({ target, ...service }) => ({ ...service, target_port: target })),
      affinity: bySource ? 'source' : 'connection',
      drain: drains ? 86_400 : 0,
      ...(checked ? { health_check: { protocol: 'tcp' } } : {}),
    };
    const [before, receivedBefore] = [this.sent, this.received];
    const config = balancerConfig('outbound', balancer);
    const shared = before && { of: before, maps: SHARED };
    this.sent = await PluginInstance.load('load-balancer', 'balancer_xdp', config, shared);
    this.received = await PluginInstance.load(
      'load-balancer',
      'balancer_tcx',
      balancerConfig('inbound', balancer),
      { of: this.sent, maps: SHARED },
    );
    for (const [i, { name }] of members.entries())
      this.#ids.set(name, Number(config.maps['members']?.[i]?.key));
    await this.#collect(before, receivedBefore);
    return config;
  }

  async check(name: string, state: 'up' | 'down'): Promise<void> {
    const id = this.#ids.get(name);
    if (id !== undefined) await this.sent?.map('health').set(id, { down: state === 'down' ? 1 : 0 });
  }

  knows(name: string): boolean {
    return this.#ids.has(name);
  }

  async counted(): Promise<number[]> {
    await this.#collect(this.sent, this.received);
    return this.#counted;
  }

  async #collect(...over: (PluginInstance | undefined)[]): Promise<void> {
    for (const instance of over) {
      const counters = (await instance?.counters('counters')) ?? [];
      counters.forEach(({ packets }, i) => (this.#counted[i] = (this.#counted[i] ?? 0) + packets));
      instance?.close();
    }
  }
}

async function hold({ settings, steps }: Life, told: string): Promise<void> {
  const reference = new ReferenceBalancer(SERVICES, settings);
  const live = new Live();
  const counted = new Map<Counter, number>();
  const count = (counter: Counter) => counted.set(counter, (counted.get(counter) ?? 0) + 1);
  const revise = async (weights: readonly number[]) => {
    const members = BACKENDS.flatMap((backend, i) => {
      const weight = weights[i] ?? -1;
      return weight < 0 ? [] : [{ ...backend, weight }];
    });
    // Each family needs somebody who speaks it.
    const whole = members.length >= 2 ? members : BACKENDS.map((backend) => ({ ...backend, weight: 1 }));
    reference.revise(whole, await live.revise(whole, settings));
  };
  await revise([1, 1, 4, 1, 1, 1]);
  for (const [at, each] of steps.entries()) {
    const where = `${told}, step ${at}: ${JSON.stringify(each)}`;
    if (each.kind === 'revise') await revise(each.weights);
    else if (each.kind === 'check') {
      const name = `backend${each.backend}`;
      if (!live.knows(name)) continue;
      reference.health.set(name, each.state);
      await live.check(name, each.state);
    } else if (each.kind === 'send') {
      const { counted: by, to } = reference.send(each.sent);
      by.forEach(count);
      const { verdict, packet } = (await live.sent?.run(bytesOf(each.sent))) ?? {};
      const { ip, tcp, udp } = readPacket(packet ?? new Uint8Array());
      const seen =
        verdict === 'pass' ? { address: ip?.destination, port: (tcp ?? udp)?.destinationPort } : undefined;
      expect({ where, to: seen }).toEqual({ where, to });
    } else {
      const { family, protocol, port } = each.sent;
      const address = BACKENDS[each.from]?.addresses.find(
        (text) => text.includes(':') === (family === 'ipv6'),
      );
      if (address === undefined) continue;
      const from = {
        address,
        port: SERVICES.find((service) => service.port === port)?.target ?? port,
      };
      const virtual = reference.answer(each.sent, from);
      count(virtual === undefined ? 'not_ours' : 'returned');
      const { packet } = (await live.received?.run(answerOf(each.sent, from))) ?? {};
      const { ip, tcp, udp } = readPacket(packet ?? new Uint8Array());
      const wanted = virtual === undefined ? from : { address: VIRTUAL[family], port: virtual };
      expect({
        where,
        from: { address: ip?.source, port: (protocol === 'tcp' ? tcp : udp)?.sourcePort },
      }).toEqual({
        where,
        from: wanted,
      });
    }
  }
  const seen = await live.counted();
  expect({ told, counted: seen }).toEqual({
    told,
    counted: BALANCER_COUNTERS.map((name) => counted.get(name) ?? 0),
  });
}

function bytesOf({ protocol, family, source, sourcePort, port, flag }: Sent): Uint8Array {
  const spec: PacketSpec = {
    protocol,
    source,
    destination: VIRTUAL[family],
    sourcePort,
    destinationPort: port,
    ...(protocol === 'tcp' ? { tcpFlags: [flag] } : {}),
  };
  return buildPacket(spec, l2);
}

function answerOf(
  { protocol, source, sourcePort, flag }: Sent,
  from: { address: string; port: number },
): Uint8Array {
  const spec: PacketSpec = {
    protocol,
    source: from.address,
    destination: source,
    sourcePort: from.port,
    destinationPort: sourcePort,
    ...(protocol === 'tcp' ? { tcpFlags: flag === 'syn' ? ['syn', 'ack'] : [flag] } : {}),
  };
  return buildPacket(spec, l2);
}

describeKernel('the load balancer against a model of it', () => {
  itKernel('sends, moves, returns and counts as the model says, whatever becomes of backends', async () => {
    const seed = Date.now();
    const lives = fc.sample(life, { seed, numRuns: LIVES });
    for (const [i, each] of lives.entries())
      await hold(each, `seed ${seed}, life ${i}, ${JSON.stringify(each.settings)}`);
  });
});
