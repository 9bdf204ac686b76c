import { expect, it } from '@jest/globals';
import type { DesiredAssertion, DesiredInstance } from '@underware/core';
import type { ShadowHop } from '@underware/kernel';
import { checkAssertion } from './check-assertion.js';
import { serviceSlice } from './memory-host.spec-support.js';

const { slice } = serviceSlice(1);
const [meter, guard] = slice.instances as [DesiredInstance, DesiredInstance];
const names = { rule_counters: ['site', 'no-telnet'] };
const instances = [meter, { ...guard, underservice: 'guard', names }];
const assertion: DesiredAssertion = {
  name: 'telnet is closed',
  port: 'service-1/web',
  hook: 'xdp',
  packet: { protocol: 'tcp', source: '192.0.2.7', destination: '10.60.0.1', destinationPort: 23 },
  expect: 'drop',
};

const counts = (map: string, key: number) => ({ [map]: [{ key, value: { packets: 1, bytes: 54 } }] });
const hop = (key: string, verdict: 'pass' | 'drop', maps: ShadowHop['maps']): ShadowHop => ({
  device: 'uw0001',
  hook: 'xdp',
  key,
  verdict,
  packet: new Uint8Array(),
  maps,
});

const find = (key: string) => instances.find((each) => each.key === key);

/** Checks it against a chain in which the last hop decides so. */
const check = (expected: 'pass' | 'drop', verdict: 'pass' | 'drop', rule: number): Promise<void> => {
  const hops = [
    hop(meter.key, 'pass', counts('counters', 3)),
    hop(guard.key, verdict, counts('rule_counters', rule)),
  ];
  const shadow = { run: async () => ({ verdict, packet: new Uint8Array(), hops }) };
  return checkAssertion(shadow, 'uw0001', { ...assertion, expect: expected }, slice.ports[0], find);
};

it('holds', async () => {
  await check('drop', 'drop', 1);
  await check('pass', 'pass', 0);
});

it('names the instance and the rule where it does not', async () => {
  await expect(check('pass', 'drop', 1)).rejects.toMatchObject({
    report: {
      code: 'ASSERTION_FAILED',
      on: 'service-1/web xdp of uw0001',
      why: "tcp from 192.0.2.7 to 10.60.0.1 port 23 was to pass, and the chain's verdict is drop: guard (firewall@0.1.0): drop, rule no-telnet",
      detail: '1. guard1 (firewall@0.1.0): pass, counters 3\n2. guard (firewall@0.1.0): drop, rule no-telnet',
    },
  });
  await expect(check('drop', 'pass', 0)).rejects.toMatchObject({
    report: {
      why: expect.stringContaining('nobody drops it; last: guard (firewall@0.1.0): pass, rule site'),
    },
  });
});
