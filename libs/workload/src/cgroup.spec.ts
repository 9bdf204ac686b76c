import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ControlGroup, type Hierarchy, missingControllers } from './cgroup.js';

const LIMITS = { cpus: 0.25, memoryBytes: 64 << 20, processes: 100 };
const ATTEMPT = { attempted: 'start workload', on: 'vnf web' };

/** What is written where; the kernel's own reaction is for the contract suite, on the version that the machine has. */
describe('ControlGroup', () => {
  let mount: string;
  const read = (file: string): string => readFileSync(path.join(mount, file), 'utf8');
  const hierarchy = (version: 1 | 2, controllers: string[]): Hierarchy => ({ mount, version, controllers });

  beforeEach(() => {
    mount = mkdtempSync(path.join(tmpdir(), 'uwt-cgroup-'));
  });

  afterEach(() => rmSync(mount, { recursive: true, force: true }));

  it('hands controllers down and sets the limits of cgroup v2', async () => {
    const all = [hierarchy(2, ['cpuset', 'cpu', 'io', 'memory', 'pids'])];
    await new ControlGroup(all, 'net-1', 'a-1').create(LIMITS, ATTEMPT);
    for (const level of ['.', 'underware', 'underware/net-1'])
      expect(read(`${level}/cgroup.subtree_control`)).toBe('+memory +cpu +pids');
    expect(read('underware/net-1/a-1/memory.max')).toBe(String(64 << 20));
    expect(read('underware/net-1/a-1/memory.swap.max')).toBe('0');
    expect(read('underware/net-1/a-1/cpu.max')).toBe('25000 100000');
    expect(read('underware/net-1/a-1/pids.max')).toBe('100');
    expect(await ControlGroup.list(all, 'net-1')).toEqual(['a-1']);
    expect(await ControlGroup.list(all, 'net-2')).toEqual([]);
  });

  it('sets only the limits of the controllers that a cgroup v1 hierarchy has', async () => {
    const group = new ControlGroup([hierarchy(1, ['rw', 'cpu', 'cpuacct'])], 'net-1', 'a-1');
    await group.create(LIMITS, ATTEMPT);
    expect(read('underware/net-1/a-1/cpu.cfs_quota_us')).toBe('25000');
    expect(() => read('underware/net-1/a-1/pids.max')).toThrow('ENOENT');
  });

  it('says which limit could not be set', async () => {
    mkdirSync(path.join(mount, 'underware/net-1/a-1/memory.max'), { recursive: true });
    const group = new ControlGroup([hierarchy(2, ['memory'])], 'net-1', 'a-1');
    await expect(group.create(LIMITS, ATTEMPT)).rejects.toMatchObject({
      code: 'RUNTIME_UNAVAILABLE',
      report: { why: expect.stringContaining('memory.max') },
    });
  });

  it('tells the processes of the workload from its supervisor', async () => {
    const group = new ControlGroup([hierarchy(2, [])], 'net-1', 'a-1');
    await group.create(LIMITS, ATTEMPT);
    expect(await group.isEmpty()).toBe(true);
    writeFileSync(path.join(mount, 'underware/net-1/a-1/cgroup.procs'), '10\n');
    writeFileSync(path.join(mount, 'underware/net-1/a-1/vnf/cgroup.procs'), '11\n12\n');
    expect(await group.processes()).toEqual({ workload: [11, 12], supervisor: [10] });
    expect(await group.isEmpty()).toBe(false);
  });

  it('knows which controllers no hierarchy offers', () => {
    expect(missingControllers([hierarchy(2, ['cpu']), hierarchy(1, ['memory'])])).toEqual(['pids']);
  });
});
