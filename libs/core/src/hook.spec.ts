import { describe, expect, it } from '@jest/globals';
import { directionOf, HOOKS, hookFor, programHook } from './hook.js';

describe('hookFor', () => {
  it.each([
    ['veth', 'outbound', 'xdp'],
    ['veth', 'inbound', 'tcx/egress'],
    ['uplink', 'inbound', 'xdp'],
    ['uplink', 'outbound', 'tcx/egress'],
  ] as const)('puts %s %s on %s', (port, direction, hook) => {
    expect(hookFor(port, direction)).toBe(hook);
  });
});

describe('directionOf', () => {
  it('is the way back from a hook', () => {
    for (const port of ['veth', 'uplink'] as const) {
      for (const direction of ['inbound', 'outbound'] as const)
        expect(directionOf(port, hookFor(port, direction))).toBe(direction);
    }
    expect(HOOKS.map((hook) => directionOf('veth', hook))).toEqual([
      'outbound',
      'inbound',
      'outbound',
      'inbound',
    ]);
  });
});

describe('programHook', () => {
  it('names the kind of program of each hook', () => {
    expect(HOOKS.map(programHook)).toEqual(['xdp', 'xdp', 'tcx', 'tcx']);
  });
});
