import { describe, expect, it } from '@jest/globals';
import type { HostSlice } from '@underware/core';
import type { Heartbeat } from '@underware/store';
import { chainsOf, seenOf, workloadsOf } from './present-slice.js';
import { troublesOf } from './troubles.js';

const PORT = 's/web_port';
const slice: HostSlice = {
  routes: [],
  assertions: [],
  ports: [
    {
      key: PORT,
      kind: 'veth',
      device: 'uw1',
      mtu: 1500,
      mac: '',
      peer: { namespace: 'uw-1', device: 'eth0', mac: '', addresses: ['10.0.0.2/32'] },
    },
  ],
  instances: [
    {
      key: 'k',
      id: 'i',
      revision: 'r',
      underservice: 'meter',
      port: PORT,
      hook: 'xdp',
      order: 1,
      residency: 'dynamic',
      program: 'p',
      plugin: { name: 'probe', version: '1.0.0', digest: 'd' },
      config: { rodata: {}, maps: {}, mapSizes: {} },
    },
  ],
  workloads: [
    {
      key: 'w',
      revision: 'r',
      vnf: 'web',
      runtime: 'process',
      namespace: 'uw-1',
      command: ['x'],
      environment: {},
      cpus: 1,
      memoryBytes: 1,
      after: [],
    },
  ],
};

const beat = (over: Partial<Heartbeat> = {}): Heartbeat => ({
  type: 'heartbeat',
  host: 'h',
  boot: 'b',
  sequence: 1,
  at: '2026-01-01T00:00:02Z',
  generation: 1,
  chains: [],
  instances: [],
  workloads: [],
  foreign: [],
  ...over,
});
const report = (at: string, stage: 'absent' | 'conditioned' | 'running' = 'running') => ({
  at: new Date(at),
  slices: [{ service: 's', stage }],
});

function told(seen: ReturnType<typeof seenOf>) {
  return {
    present: chainsOf(slice, seen).flatMap(({ hops }) => hops.map((hop) => hop.present)),
    state: workloadsOf('s', slice, seen).map((workload) => workload.state),
  };
}

const part = (over: Partial<Heartbeat>, ready = true) => ({
  hostName: 'h1',
  readiness: ready ? { ready } : { ready, reason: 'its agent was last heard of at noon' },
  slice,
  seen: seenOf('s', beat(over), undefined),
});
const web = { key: 'w', revision: 'r', service: 's', vnf: 'web', runtime: 'process', handle: '1' } as const;
const chains = [{ device: 'uw1', hook: 'xdp' as const, hops: [{ kind: 'instance' as const, key: 'k' }] }];

describe('what is not as it must be', () => {
  it.each<[string, Partial<Heartbeat>, boolean, string[]]>([
    ['nothing', { chains, workloads: [{ ...web, state: 'running', health: 'healthy' }] }, true, []],
    [
      'a VNF that exits again and again',
      { chains, workloads: [{ ...web, state: 'exited', health: 'none', restarts: 3 }] },
      true,
      ['1 of 1 VNFs down, restarted 3 times'],
    ],
    [
      'a VNF that is sick',
      { chains, workloads: [{ ...web, state: 'running', health: 'unhealthy' }] },
      true,
      ['1 of 1 VNFs unhealthy'],
    ],
    ['all of it', {}, true, ['1 of 1 VNFs down', '1 plugin instances not in their chains']],
    ['the host, of which nothing else is known', {}, false, ['h1: its agent was last heard of at noon']],
  ])('is %s', (_what, over, ready, troubles) => {
    expect(troublesOf('s', [part(over, ready)])).toEqual(troubles);
  });
});

describe('what a host has of a service', () => {
  it('is what it saw last', () => {
    expect(told(seenOf('s', beat(), report('2026-01-01T00:00:01Z')))).toEqual({
      present: [false],
      state: ['absent'],
    });
    const seen = beat({
      chains: [{ device: 'uw1', hook: 'xdp', hops: [{ kind: 'instance', key: 'k' }] }],
      workloads: [
        {
          key: 'w',
          revision: 'r',
          service: 's',
          vnf: 'web',
          runtime: 'process',
          state: 'running',
          health: 'healthy',
          handle: '1',
        },
      ],
    });
    expect(told(seenOf('s', seen, undefined))).toEqual({ present: [true], state: ['running'] });
  });

  it('is not missing because it was made after that', () => {
    expect(told(seenOf('s', beat(), report('2026-01-01T00:00:03Z')))).toEqual({
      present: [true],
      state: ['running'],
    });
    expect(told(seenOf('s', beat(), report('2026-01-01T00:00:03Z', 'conditioned')))).toEqual({
      present: [true],
      state: ['unknown'],
    });
    expect(told(seenOf('s', beat(), report('2026-01-01T00:00:03Z', 'absent')))).toEqual({
      present: [false],
      state: ['absent'],
    });
  });

  it('is healthy where its check was passed since then, whatever was seen of what it replaced', () => {
    const checked: HostSlice = {
      ...slice,
      workloads: slice.workloads.map((workload) => ({
        ...workload,
        healthCheck: { kind: 'tcp', port: 80, intervalSeconds: 1, timeoutSeconds: 1, retries: 1 },
      })),
    };
    const exited = { ...web, state: 'exited', health: 'none', exitCode: 1 } as const;
    const then = (revision: string) =>
      workloadsOf(
        's',
        checked,
        seenOf('s', beat({ workloads: [{ ...exited, revision }] }), report('2026-01-01T00:00:03Z')),
      )[0];
    expect(then('before')).toMatchObject({ state: 'running', health: 'healthy' });
    expect(then('before')).not.toHaveProperty('exitCode');
    // Of what it is to run, what was seen counts: it may have ended since it was started.
    expect(then('r')).toMatchObject({ state: 'exited', exitCode: 1 });
  });

  it('is not known of a host that never said anything', () => {
    expect(told(seenOf('s', undefined, null))).toEqual({ present: [false], state: ['unknown'] });
  });
});
