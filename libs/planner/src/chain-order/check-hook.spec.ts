import { describe, expect, it } from '@jest/globals';
import { host, plugin } from '../plan.spec-support.js';
import { checkHook, hookDecisions, NATIVE_XDP_MTU } from './check-hook.js';
import type { HookPlace } from './check-hook.js';

const place: HookPlace = { host: host('h1'), port: 'web_port', device: 'uw0', hook: 'xdp', mtu: 1500 };
const stranger = { device: 'uw0', name: 'their_filter', programId: 7 };

describe('a hook of a port', () => {
  it('is refused for a program that is made for none, or for another one', () => {
    const firewall = plugin('firewall');
    expect(() => checkHook(place, firewall, 'firewall_xdp')).not.toThrow();
    const frags = plugin('firewall');
    frags.requirements.programs['firewall_xdp'] = { type: 'xdp', helpers: [], kfuncs: [], attach: 'none' };
    expect(() => checkHook(place, frags, 'firewall_xdp')).toThrow(
      /chain web_port xdp on h1.*program firewall_xdp of firewall@0.1.0 is made for no hook of a port/,
    );
    const ingress = plugin('firewall');
    ingress.requirements.programs['firewall_tcx'] = {
      type: 'sched_cls',
      helpers: [],
      kfuncs: [],
      attach: 'tcx/ingress',
    };
    const egress: HookPlace = { ...place, hook: 'tcx/egress' };
    expect(() => checkHook(egress, ingress, 'firewall_tcx')).toThrow(/made for tcx\/ingress/);
  });

  it('is refused where a program that is not ours holds it, and shared where it can be', () => {
    const held = { ...place, host: host('h1', { foreignPrograms: [{ ...stranger, hook: 'xdp' }] }) };
    expect(() => checkHook(held, plugin('firewall'), 'firewall_xdp')).toThrow(
      /firewall@0.1.0 cannot be attached: program their_filter \(id 7\), which is not ours, holds uw0/,
    );
    const shared: HookPlace = {
      ...place,
      hook: 'tcx/egress',
      host: host('h1', { foreignPrograms: [{ ...stranger, hook: 'tcx/egress' }] }),
    };
    expect(() => checkHook(shared, plugin('firewall'), 'firewall_tcx')).not.toThrow();
    expect(hookDecisions(shared)).toMatchObject([{ choice: 'beside their_filter', host: 'h1' }]);
  });

  it('says when XDP will not run in the driver', () => {
    expect(hookDecisions({ ...place, mtu: NATIVE_XDP_MTU })).toEqual([]);
    expect(hookDecisions({ ...place, mtu: NATIVE_XDP_MTU + 1 })).toMatchObject([
      { subject: 'xdp mode of web_port', choice: 'generic' },
    ]);
    expect(hookDecisions({ ...place, hook: 'tcx/egress', mtu: 9000 })).toEqual([]);
  });
});
