import { describe, expect, it } from '@jest/globals';
import type { DesiredWorkload, HostSlice, Plan } from '@underware/core';
import type { PlanChange } from '@underware/store';
import { concernedHosts, sameVnfs, sliceOn, slicesNow } from './slice-on-host.js';

/** VNFs by host, as `name revision`; each plan has a route of its own, so that it is told which one a slice is of. */
function planOf(id: string, vnfs: Record<string, string[]>): Plan {
  const slices = Object.entries(vnfs).map(([host, names]): [string, HostSlice] => {
    const workloads = names.map((name) => {
      const [key = '', revision = ''] = name.split(' ');
      return { key, revision, vnf: key } as DesiredWorkload;
    });
    const routes = [{ destination: id, via: { device: 'd' } }];
    return [host, { ports: [], routes, instances: [], assertions: [], workloads }];
  });
  const graph = { name: 'g', version: '1' };
  const made = { id, service: 's', createdAt: '', graph, placements: [], decisions: [] };
  return { ...made, slices: Object.fromEntries(slices) };
}

const inForce = planOf('old', { h1: ['web 1', 'cache 1'], h2: ['client 1'] });
const next = planOf('new', { h1: ['web 2', 'cache 1'], h3: ['extra 1'] });

const told = (host: string, change?: Omit<PlanChange, 'plan'>) => {
  const live = { service: 's', stage: 'running' as const, plan: inForce };
  const slice = sliceOn(host, change === undefined ? live : { ...live, change: { plan: next, ...change } });
  return slice && [slice.routes[0]?.destination, ...slice.workloads.map(({ vnf }) => vnf)];
};

describe('what a host must be of a service', () => {
  it('is what the plan in force says while nothing changes', () => {
    expect(['h1', 'h2', 'h3'].map((host) => told(host))).toEqual([
      ['old', 'web', 'cache'],
      ['old', 'client'],
      undefined,
    ]);
  });

  it('is of the new plan, with the VNFs that stay as they are, until all hosts are conditioned', () => {
    const change = { hosts: ['h1', 'h2', 'h3'], vnfs: 'same' as const };
    expect(['h1', 'h2', 'h3'].map((host) => told(host, change))).toEqual([
      ['new', 'cache'],
      undefined,
      ['new'],
    ]);
    expect(told('h1', { ...change, vnfs: 'all' })).toEqual(['new', 'web', 'cache']);
  });

  it('is told of all hosts that have any of it', () => {
    const change = { plan: next, hosts: ['h1', 'h2'], vnfs: 'all' as const };
    const now = slicesNow({ plan: inForce, change }).map(([host, { routes }]) => [
      host,
      routes[0]?.destination,
    ]);
    expect(now).toEqual([['h1', 'new']]);
    expect(slicesNow({ plan: inForce }).map(([host]) => host)).toEqual(['h1', 'h2']);
  });

  it('is of the old plan on hosts that are not asked yet, and on all of them on the way back', () => {
    expect(told('h2', { hosts: ['h1'], vnfs: 'all' })).toEqual(['old', 'client']);
    expect(told('h1', { hosts: [], vnfs: 'same' })).toEqual(['old', 'cache']);
    expect(told('h3', { hosts: [], vnfs: 'same' })).toBeUndefined();
  });
});

describe('two plans of a service', () => {
  it('have the same VNFs where none comes, goes, moves or changes', () => {
    expect(sameVnfs(inForce, planOf('x', { h2: ['client 1'], h1: ['cache 1', 'web 1'], h4: [] }))).toBe(true);
    expect(sameVnfs(inForce, next)).toBe(false);
    expect(sameVnfs(inForce, planOf('x', { h1: ['web 1'], h2: ['client 1', 'cache 1'] }))).toBe(false);
  });

  it('concern the hosts of both', () => {
    expect(concernedHosts(inForce, next)).toEqual(['h1', 'h2', 'h3']);
  });
});
