import { execFileSync } from 'node:child_process';
import { mkdirSync, rmdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from '@jest/globals';
import { compileFixture, createVeth, describeAsRoot, mountPrivate, sweep } from './fixture.spec-support.js';
import { BpfLink } from './link.js';
import { BpfObject } from './object.js';
import type { BpfProgram } from './program.js';
import { linkIds, queryTcx, queryXdp } from './query.js';

describeAsRoot('attaching', () => {
  let object: BpfObject;
  let device: ReturnType<typeof createVeth>;
  let bpffs: ReturnType<typeof mountPrivate>;
  let judge: BpfProgram;
  let drop: BpfProgram;
  let classify: BpfProgram;
  let classifyToo: BpfProgram;

  beforeAll(async () => {
    sweep('att');
    device = createVeth('att');
    bpffs = mountPrivate('bpf');
    object = await BpfObject.open(compileFixture('basic'));
    await object.load();
    judge = object.program('judge');
    drop = object.program('drop');
    classify = object.program('classify');
    classifyToo = object.program('classify_too');
  });
  afterAll(() => {
    object?.close();
    bpffs?.unmount();
    device?.remove();
  });

  it.each(['native', 'generic'] as const)('attaches XDP in %s mode', async (mode) => {
    using link = await judge.attachXdp(device.ifindex, { mode });
    expect(link.info).toMatchObject({ type: 'xdp', ifindex: device.ifindex, programId: judge.info.id });
    expect((await queryXdp(device.ifindex)).programs).toEqual([{ id: judge.info.id, mode }]);
    expect(linkIds()).toContain(link.info.id);
    link.close();
    expect((await queryXdp(device.ifindex)).programs).toEqual([]);
  });

  it('picks native mode by itself, and tells what the driver supports', async () => {
    using link = await judge.attachXdp(device.ifindex);
    expect(link.info.type).toBe('xdp');
    const { programs, features } = await queryXdp(device.ifindex);
    expect(programs).toEqual([{ id: judge.info.id, mode: 'native' }]);
    expect(features).toContain('redirect');
  });

  it('refuses a second XDP program and a device that is not there', async () => {
    using link = await judge.attachXdp(device.ifindex);
    expect(link.info.ifindex).toBe(device.ifindex);
    await expect(drop.attachXdp(device.ifindex)).rejects.toMatchObject({
      errnoName: 'EBUSY',
      call: 'bpf_link_create',
    });
    await expect(drop.attachXdp(0x7fffffff)).rejects.toMatchObject({ errnoName: 'EINVAL' });
  });

  it('swaps the program, with the expected old one only', async () => {
    using link = await judge.attachXdp(device.ifindex);
    await link.update(drop, { expectedOld: judge });
    expect(link.info.programId).toBe(drop.info.id);
    await expect(link.update(judge, { expectedOld: judge })).rejects.toMatchObject({ errnoName: 'EPERM' });
    expect(link.info.programId).toBe(drop.info.id);
    await link.update(judge);
    expect(link.info.programId).toBe(judge.info.id);
  });

  it('stays attached by its pin, is found again and detached', async () => {
    const path = join(bpffs.path, 'link');
    const link = await judge.attachXdp(device.ifindex);
    await link.pin(path);
    link.close();
    using found = BpfLink.fromPin(path);
    expect(found.info.programId).toBe(judge.info.id);
    using same = BpfLink.fromId(found.info.id);
    await same.detach();
    expect(found.info.ifindex).toBe(0);
    expect((await queryXdp(device.ifindex)).programs).toEqual([]);
    execFileSync('rm', [path]);
  });

  it('orders TCX programs before and after each other', async () => {
    const ids = async () => (await queryTcx(device.ifindex, 'egress')).programs.map(({ id }) => id);
    using first = await classify.attachTcx(device.ifindex, 'egress');
    expect(first.info).toMatchObject({ type: 'tcx', attachType: 'tcx_egress', ifindex: device.ifindex });
    const before = await classifyToo.attachTcx(device.ifindex, 'egress', { before: first });
    expect(await ids()).toEqual([classifyToo.info.id, classify.info.id]);
    before.close();
    const after = await classifyToo.attachTcx(device.ifindex, 'egress', { after: classify });
    expect(await ids()).toEqual([classify.info.id, classifyToo.info.id]);
    after.close();
    const head = await classifyToo.attachTcx(device.ifindex, 'egress', { before: 'all' });
    expect((await queryTcx(device.ifindex, 'egress')).programs).toEqual([
      { id: classifyToo.info.id, linkId: head.info.id },
      { id: classify.info.id, linkId: first.info.id },
    ]);
    head.close();
    await expect(
      classifyToo.attachTcx(device.ifindex, 'egress', { before: { programId: judge.info.id } }),
    ).rejects.toMatchObject({ call: 'bpf_link_create' });
  });

  it('attaches TCX only to the revision that was seen', async () => {
    const { revision } = await queryTcx(device.ifindex, 'ingress');
    using link = await classify.attachTcx(device.ifindex, 'ingress', { expectedRevision: revision });
    expect(link.info.attachType).toBe('tcx_ingress');
    await expect(
      classifyToo.attachTcx(device.ifindex, 'ingress', { expectedRevision: revision }),
    ).rejects.toMatchObject({ errnoName: 'ESTALE' });
    expect((await queryTcx(device.ifindex, 'ingress')).programs).toHaveLength(1);
  });

  it('swaps a TCX program, with the expected old one only', async () => {
    using link = await classify.attachTcx(device.ifindex, 'ingress');
    await link.update(classifyToo, { expectedOld: classify });
    await expect(link.update(classify, { expectedOld: classify })).rejects.toMatchObject({
      errnoName: 'EPERM',
    });
    expect(link.info.programId).toBe(classifyToo.info.id);
  });

  it('attaches to a cgroup and sees its packets only', async () => {
    const cgroups = mountPrivate('cgroup2');
    const path = join(cgroups.path, 'uwt-libbpf');
    mkdirSync(path, { recursive: true });
    try {
      using hits = object.map('hits');
      using allow = object.program('allow');
      using link = await allow.attachCgroup(path, 'cgroup_inet_egress');
      expect(link.info).toMatchObject({
        type: 'cgroup',
        attachType: 'cgroup_inet_egress',
        cgroupId: statSync(path).ino,
      });
      const total = async () => ((await hits.get(0)) as number[]).reduce((sum, n) => sum + n, 0);
      const before = await total();
      const script = `echo $$ > ${path}/cgroup.procs; ip link set lo up; echo 1 > /dev/udp/127.0.0.1/9; echo 2 > /dev/udp/127.0.0.1/9`;
      execFileSync('unshare', ['--net', 'bash', '-c', script], { stdio: 'ignore' });
      expect(await total()).toBeGreaterThanOrEqual(before + 2);
      await expect(allow.attachCgroup(join(path, 'absent'), 'cgroup_inet_egress')).rejects.toMatchObject({
        errnoName: 'ENOENT',
        call: 'open',
      });
      await expect(allow.attachCgroup(path, 'cgroup_egress')).rejects.toThrow(
        "no attach type 'cgroup_egress'",
      );
    } finally {
      rmdirSync(path);
      cgroups.unmount();
    }
  });
});
