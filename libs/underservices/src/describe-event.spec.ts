import { expect, it } from '@jest/globals';
import { describeEvent } from './compile-underservice.js';
import { tcpFlags } from './flow-ends.js';
import { stableIds } from './stable-ids.js';

const ends = {
  source: '00000000000000000000ffffc0000207',
  destination: 'fd600000000000000000000000000002',
  source_port: 40000,
  destination_port: 23,
  family: 6,
  protocol: 6,
};
const flow = {
  protocol: 'tcp',
  source: '192.0.2.7',
  destination: 'fd60::2',
  sourcePort: 40000,
  destinationPort: 23,
};
const model = { rules: [{ name: 'telnet', action: 'deny', log: 10 }] };

it('names the rule that a packet met, whatever its id is', () => {
  const record = { ...ends, rule: stableIds(['telnet']).get('telnet'), action: 1, bytes: 60 };
  expect(describeEvent('firewall', model, record)).toEqual({
    what: 'rule telnet',
    rule: 'telnet',
    action: 'drop',
    bytes: 60,
    flow,
  });
  expect(describeEvent('firewall', model, { ...record, rule: 7, action: 0 })).toMatchObject({
    what: 'rule number 7',
    action: 'pass',
  });
});

it('tells who began to speak to whom', () => {
  expect(describeEvent('probe', {}, { flow: ends, bytes: 74, at_ns: 1 })).toEqual({
    what: 'new flow',
    bytes: 74,
    flow,
  });
  const ping = { ...ends, protocol: 58, source_port: 0, destination_port: 0 };
  expect(describeEvent('probe', {}, { flow: ping, bytes: 74 }).flow).toMatchObject({ protocol: 'icmp' });
  expect(describeEvent('probe', {}, { flow: { ...ends, protocol: 132 }, bytes: 1 }).flow).toMatchObject({
    protocol: '132',
  });
});

it.each([undefined, 7, {}, { ...ends, source: 'zz' }, { ...ends, protocol: 'x' }])(
  'leaves out ends that it cannot read: %j',
  (given) => {
    expect(describeEvent('probe', {}, { flow: given, bytes: 1 })).toEqual({ what: 'new flow', bytes: 1 });
  },
);

it('says of a kind that it does not know that there was something', () => {
  expect(describeEvent('dns', {}, {})).toEqual({ what: 'event' });
});

it('names the flags of TCP', () => {
  expect([0, 2, 0x12, 0xff].map(tcpFlags)).toEqual([
    [],
    ['SYN'],
    ['SYN', 'ACK'],
    ['FIN', 'SYN', 'RST', 'PSH', 'ACK', 'URG', 'ECE', 'CWR'],
  ]);
});
