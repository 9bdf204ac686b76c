import { describe, expect, it } from '@jest/globals';
import { hookFor } from './hook.js';

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
