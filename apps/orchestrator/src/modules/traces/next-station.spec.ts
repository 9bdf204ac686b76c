import { expect, it } from '@jest/globals';
import type { DesiredPort } from '@underware/core';
import { nextStation } from './next-station.js';

const GATEWAYS = [
  { address: '10.70.0.1', mac: '02:00:00:00:00:01' },
  { address: 'fd70::1', mac: '02:00:00:00:00:06' },
];

function port(name: string, addresses: string[], over: Partial<DesiredPort> = {}): DesiredPort {
  const mac = `02:00:00:00:00:${name}`;
  const peer = { namespace: `uw-${name}`, device: 'eth0', mac, addresses, gateways: GATEWAYS };
  return {
    key: `s/${name}`,
    kind: 'veth',
    device: `uw${name}`,
    peer,
    delivered: true,
    mac,
    mtu: 1500,
    ...over,
  };
}

const near = port('0a', ['10.70.0.10/24', 'fd70::a/64']);
const web = port('0b', ['10.70.0.11/24', 'fd70::b/64']);
const far = port('0c', ['10.71.0.12/24']);
const { delivered: _, ...host } = port('0d', ['10.72.0.13/32']);

it.each([
  ['a station of the segment', near, '10.70.0.11', '02:00:00:00:00:0b'],
  ['one by IPv6', near, 'fd70::b', '02:00:00:00:00:0b'],
  ['nobody', near, '10.70.0.99', undefined],
  ['another segment', near, '10.71.0.12', '02:00:00:00:00:01'],
  ['the world by IPv6', near, '2001:db8::1', '02:00:00:00:00:06'],
  ['anybody, from a port that its host routes', host, '10.70.0.11', undefined],
] as const)('%s', (_name, from, to, mac) => {
  expect(nextStation(from, [near, web, far, host], to)).toBe(mac);
});
