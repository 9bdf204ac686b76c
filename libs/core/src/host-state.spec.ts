import { describe, expect, it } from '@jest/globals';
import { chainsOf } from './host-state.js';
import type { DesiredInstance, DesiredPort, HostState } from './host-state.js';

const uplink: DesiredPort = {
  key: 'uplink/eth0',
  kind: 'uplink',
  device: 'eth0',
  mac: '02:00:00:00:00:01',
  mtu: 1500,
};

function instance(id: string, order: number): DesiredInstance {
  return {
    key: `${id.padEnd(16, '0')}-00000000`,
    id: id.padEnd(16, '0'),
    revision: '00000000',
    underservice: id,
    plugin: { name: 'probe', version: '0.1.0', digest: 'sha256:00' },
    program: 'probe_xdp',
    port: uplink.key,
    hook: 'xdp',
    order,
    config: { rodata: {}, maps: {}, mapSizes: {} },
    residency: 'dynamic',
  };
}

function state(...slices: DesiredInstance[][]): HostState {
  return {
    host: 'h1',
    generation: 1,
    slices: slices.map((instances, index) => ({
      service: `s${index}`,
      stage: 'running',
      slice: { ports: [uplink], routes: [], instances, assertions: [], workloads: [] },
    })),
  };
}

describe('chainsOf', () => {
  it('merges what several services put on a shared port into one chain, by order then key', () => {
    const [chain, ...others] = chainsOf(
      state([instance('c', 300), instance('a', 200)], [instance('b', 200)]),
    );
    expect(others).toEqual([]);
    expect(chain).toMatchObject({ port: 'uplink/eth0', device: 'eth0', hook: 'xdp' });
    expect(chain?.instances.map(({ underservice }) => underservice)).toEqual(['a', 'b', 'c']);
  });

  it('does not depend on the order of the slices', () => {
    const one = [instance('a', 200)];
    const other = [instance('b', 200)];
    expect(chainsOf(state(one, other))).toEqual(chainsOf(state(other, one)));
  });

  it('keeps the hooks of a port apart', () => {
    const egress = { ...instance('e', 100), hook: 'tcx/egress' as const };
    expect(chainsOf(state([egress, instance('x', 100)])).map(({ hook }) => hook)).toEqual([
      'tcx/egress',
      'xdp',
    ]);
  });
});
