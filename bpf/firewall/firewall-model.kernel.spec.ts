import { expect } from '@jest/globals';
import * as fc from 'fast-check';
import type { PacketSpec } from '@underware/core';
import { buildPacket, parseIp } from '@underware/packet';
import { describeKernel, itKernel, PluginInstance } from '@underware/testkit';
import { COUNTER, DROP, firewallConfig, PASS } from './firewall-config.spec-support.js';
import type { Rule } from './firewall-config.spec-support.js';

const l2 = { sourceMac: '02:00:00:00:00:01', destinationMac: '02:00:00:00:00:02' };
const PROTOCOLS = { icmp: 1, tcp: 6, udp: 17 } as const;
const RULE_SETS = 25;

// Few addresses and ports, so that rules and packets meet often.
const hostNumber = fc.integer({ min: 0, max: 7 });
const port = fc.integer({ min: 1, max: 6 });
const range = fc.tuple(port, port).map(([a, b]): [number, number] => [Math.min(a, b), Math.max(a, b)]);
const family = fc.constantFrom<4 | 6>(4, 6);
const addressOf = (version: 4 | 6, host: number): string =>
  version === 4 ? `10.0.0.${host}` : `fd00::${host}`;

const rule: fc.Arbitrary<Rule> = family.chain((version) => {
  const prefix = fc
    .tuple(hostNumber, fc.integer({ min: 0, max: 3 }))
    .map(([host, open]) => `${addressOf(version, host)}/${(version === 4 ? 32 : 128) - open}`);
  return fc.record(
    {
      action: fc.constantFrom(PASS, DROP),
      family: fc.constant(version),
      protocol: fc.constantFrom(...Object.values(PROTOCOLS)),
      source: prefix,
      destination: prefix,
      sourcePorts: range,
      destinationPorts: range,
    },
    { requiredKeys: ['action', 'family'] },
  );
});

const packet: fc.Arbitrary<PacketSpec> = family.chain((version) =>
  fc.record({
    protocol: fc.constantFrom('tcp', 'udp', 'icmp'),
    source: hostNumber.map((host) => addressOf(version, host)),
    destination: hostNumber.map((host) => addressOf(version, host)),
    sourcePort: port,
    destinationPort: port,
  }),
);

describeKernel('firewall against a model of it', () => {
  for (const program of ['firewall_xdp', 'firewall_tcx']) {
    itKernel(`${program} decides and counts as the first matching rule says`, async () => {
      const cases = fc.tuple(
        fc.constantFrom(PASS, DROP),
        fc.array(rule, { maxLength: 12 }),
        fc.array(packet, { minLength: 20, maxLength: 20 }),
      );
      const property = fc.asyncProperty(cases, async ([otherwise, rules, packets]) => {
        const firewall = await PluginInstance.load('firewall', program, firewallConfig(otherwise, rules));
        try {
          const hits = rules.map(() => 0);
          let defaults = 0;
          for (const spec of packets) {
            const decided = rules.findIndex((each) => matches(each, spec));
            if (decided < 0) defaults += 1;
            else hits[decided] = (hits[decided] ?? 0) + 1;
            const { verdict } = await firewall.run(buildPacket(spec, l2));
            expect(verdict).toBe((rules[decided]?.action ?? otherwise) === PASS ? 'pass' : 'drop');
          }
          const counted = (await firewall.counters('rule_counters')).map(({ packets: count }) => count);
          expect(counted.slice(0, rules.length)).toEqual(hits);
          expect((await firewall.counters('counters'))[COUNTER.default]?.packets).toBe(defaults);
        } finally {
          firewall.close();
        }
      });
      await fc.assert(property, { numRuns: RULE_SETS });
    });
  }
});

function matches(each: Rule, spec: PacketSpec): boolean {
  const version = spec.source.includes(':') ? 6 : 4;
  const hasPorts = spec.protocol !== 'icmp';
  const within = (ports: [number, number] | undefined, value: number | undefined): boolean =>
    ports === undefined || (hasPorts && value !== undefined && value >= ports[0] && value <= ports[1]);
  return (
    (each.family ?? version) === version &&
    (each.protocol ?? PROTOCOLS[spec.protocol]) === PROTOCOLS[spec.protocol] &&
    inPrefix(spec.source, each.source) &&
    inPrefix(spec.destination, each.destination) &&
    within(each.sourcePorts, spec.sourcePort) &&
    within(each.destinationPorts, spec.destinationPort)
  );
}

function inPrefix(text: string, prefix: string | undefined): boolean {
  if (prefix === undefined) return true;
  const [network = '', length = ''] = prefix.split('/');
  return bits(text).slice(0, Number(length)) === bits(network).slice(0, Number(length));
}

function bits(address: string): string {
  return Array.from(parseIp(address).bytes, (byte) => byte.toString(2).padStart(8, '0')).join('');
}
