import { expect } from '@jest/globals';
import * as fc from 'fast-check';
import { buildPacket } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance, withBytes } from '@underware/testkit';
import { COUNTER, DROP, firewallConfig, PASS } from './firewall-config.spec-support.js';
import type { Action, Rule } from './firewall-config.spec-support.js';
import { ReferenceFirewall } from './firewall-reference.spec-support.js';
import type { Sent } from './firewall-reference.spec-support.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const RULE_SETS = 25;
/** Long runs: many rules and many packets, so that trees have many steps. */
const MANY_RULES = 2000;
const MANY_PACKETS = 2500;

/** How many hosts and ports there are: few, and rules and packets meet often. */
interface World {
  hosts: number;
  open: number;
  ports: number;
}
const SMALL: World = { hosts: 8, open: 3, ports: 6 };
const LARGE: World = { hosts: 4096, open: 12, ports: 200 };

const family = fc.constantFrom<4 | 6>(4, 6);
const addressOf = (version: 4 | 6, host: number): string =>
  version === 4 ? `10.0.${host >> 8}.${host & 255}` : `fd00::${host.toString(16)}`;
const hostOf = ({ hosts }: World) => fc.integer({ min: 0, max: hosts - 1 });
const portOf = ({ ports }: World) => fc.integer({ min: 1, max: ports });

function ruleIn(world: World): fc.Arbitrary<Rule> {
  const range = fc
    .tuple(portOf(world), portOf(world))
    .map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
  return family.chain((version) => {
    const prefix = fc
      .tuple(hostOf(world), fc.integer({ min: 0, max: world.open }))
      .map(([host, open]) => `${addressOf(version, host)}/${(version === 4 ? 32 : 128) - open}`);
    return fc.record(
      {
        action: fc.constantFrom<Action>(PASS, DROP),
        family: fc.constant(version),
        protocol: fc.constantFrom<'icmp' | 'tcp' | 'udp'>('icmp', 'tcp', 'udp'),
        source: prefix,
        destination: prefix,
        sourcePorts: range,
        destinationPorts: range,
      },
      { requiredKeys: ['action', 'family'] },
    );
  });
}

function packetIn(world: World): fc.Arbitrary<Sent> {
  return family
    .chain((version) =>
      fc.record({
        protocol: fc.constantFrom<'icmp' | 'tcp' | 'udp'>('tcp', 'udp', 'icmp'),
        source: hostOf(world).map((host) => addressOf(version, host)),
        destination: hostOf(world).map((host) => addressOf(version, host)),
        sourcePort: portOf(world),
        destinationPort: portOf(world),
        reply: fc.boolean(),
      }),
    )
    .filter(({ source, destination }) => source !== destination);
}

/** A rule cannot name ports without a protocol that has them. */
function legal(rule: Rule): Rule {
  if (rule.protocol === 'tcp' || rule.protocol === 'udp') return rule;
  const { sourcePorts: _source, destinationPorts: _destination, ...rest } = rule;
  return rest;
}

/** Half of the packets are answers to earlier ones. */
function conversation(packets: readonly Sent[]): Sent[] {
  return packets.flatMap((packet, i) => {
    const earlier = packets[Math.floor(i / 2)] ?? packet;
    const answer: Sent = {
      ...earlier,
      source: earlier.destination,
      destination: earlier.source,
      sourcePort: earlier.destinationPort,
      destinationPort: earlier.sourcePort,
      reply: true,
    };
    return [packet, answer, earlier];
  });
}

function bytesOf({ reply, ...spec }: Sent): Uint8Array {
  const packet = buildPacket(spec, l2);
  if (spec.protocol !== 'icmp' || reply !== true) return packet;
  return spec.source.includes(':') ? withBytes(packet, 54, [129]) : withBytes(packet, 34, [0]);
}

async function hold(program: string, otherwise: Action, rules: Rule[], packets: Sent[]): Promise<void> {
  const firewall = await PluginInstance.load(
    'firewall',
    program,
    firewallConfig(otherwise, rules, { connections: 65_536 }),
  );
  try {
    const reference = new ReferenceFirewall(otherwise, rules);
    const byRule = rules.map(() => 0);
    const others = { known: 0, default: 0 };
    for (const sent of packets) {
      const { action, by } = reference.judge(sent);
      if (typeof by === 'number') byRule[by] = (byRule[by] ?? 0) + 1;
      else others[by] += 1;
      const { verdict } = await firewall.run(bytesOf(sent));
      const decided = typeof by === 'number' ? `rule ${by}` : by;
      expect(`${decided} of ${JSON.stringify(sent)}: ${verdict}`).toBe(
        `${decided} of ${JSON.stringify(sent)}: ${action === PASS ? 'pass' : 'drop'}`,
      );
    }
    const counted = (await firewall.counters('rule_counters')).map(({ packets: count }) => count);
    expect(counted.slice(0, rules.length)).toEqual(byRule);
    const counters = await firewall.counters('counters');
    expect({
      known: counters[COUNTER.known]?.packets,
      default: counters[COUNTER.default]?.packets,
    }).toEqual(others);
  } finally {
    firewall.close();
  }
}

describeKernel('firewall against a model of it', () => {
  for (const program of ['firewall_xdp', 'firewall_tcx']) {
    itKernel(`${program} decides and counts as the first matching rule and the connections say`, async () => {
      const cases = fc.tuple(
        fc.constantFrom<Action>(PASS, DROP),
        fc.array(ruleIn(SMALL).map(legal), { maxLength: 12 }),
        fc.array(packetIn(SMALL), { minLength: 20, maxLength: 20 }),
      );
      const property = fc.asyncProperty(cases, async ([otherwise, rules, packets]) => {
        await hold(program, otherwise, rules, conversation(packets));
      });
      await fc.assert(property, { numRuns: RULE_SETS });
    });

    itKernel(`${program} does so with thousands of rules, and for thousands of packets`, async () => {
      const [rules = []] = fc.sample(
        fc.array(ruleIn(LARGE).map(legal), { minLength: MANY_RULES, maxLength: MANY_RULES, size: 'max' }),
        1,
      );
      await hold(program, DROP, rules, conversation(fc.sample(packetIn(LARGE), MANY_PACKETS)));
    });
  }
});
