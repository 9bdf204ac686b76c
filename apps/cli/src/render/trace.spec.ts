import { expect, it } from '@jest/globals';
import type { Trace } from '@underware/client';
import { renderTrace } from './trace.js';

const hop = (over: Partial<Trace['hops'][number]>): Trace['hops'][number] => ({
  port: 'near_port',
  device: 'uw1',
  hook: 'xdp',
  key: 'k',
  underservice: 'net',
  plugin: 'switch@0.1.0',
  verdict: 'redirect',
  counters: [{ map: 'counters', name: 'local', packets: 1 }],
  altered: false,
  packet: 'a > b',
  frame: '',
  ...over,
});

const trace = (over: Partial<Trace>): Trace => ({
  host: 'h1',
  port: 'near_port',
  device: 'uw1',
  direction: 'outbound',
  hook: 'xdp',
  packet: 'a > b',
  frame: '',
  verdict: 'drop',
  hops: [],
  ...over,
});

const plain = (over: Partial<Trace>): string[] => renderTrace(trace(over), (_, text) => text).split('\n');

it('says which instance dropped a packet, by which rule, and where', () => {
  const guard = hop({
    port: 'web_port',
    device: 'uw2',
    hook: 'xdp/egress',
    underservice: 'guard',
    plugin: 'firewall@0.2.0',
    verdict: 'drop',
    counters: [{ map: 'rule_counters', name: 'no-telnet', packets: 1 }],
  });
  expect(plain({ hops: [hop({ altered: true, packet: 'a > c' }), guard] })).toEqual([
    'a > b',
    'near_port outbound  xdp on uw1',
    '  1. net  switch@0.1.0  redirect',
    '       local',
    '       now a > c',
    'web_port delivered on this host: xdp/egress on uw2',
    '  2. guard  firewall@0.2.0  drop',
    '       rule no-telnet',
    'drop by guard: rule no-telnet',
    '',
  ]);
});

it('says that nobody objects, or that nobody is there to', () => {
  expect(plain({ verdict: 'pass', hops: [hop({ verdict: 'pass' })] }).at(-2)).toBe(
    'pass by the whole chain: nobody objects',
  );
  expect(plain({ verdict: 'redirect', hops: [hop({}), hop({ verdict: 'pass' })] }).at(-2)).toBe(
    'redirect by the whole chain: it leaves by the device of near_port',
  );
  expect(plain({ verdict: 'pass' }).at(-2)).toBe('pass: the chain is empty');
});
