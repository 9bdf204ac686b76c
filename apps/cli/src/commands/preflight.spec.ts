import { objectPath } from '@underware/testkit';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { hostWith, NEW_KERNEL, OLD_KERNEL } from '../kernel.spec-support.js';
import { runCli } from '../run.spec-support.js';

const FIREWALL = objectPath('firewall');
let directory: string;
const saved = async (name: string, content: unknown): Promise<string> => {
  const file = join(directory, name);
  await writeFile(file, typeof content === 'string' ? content : JSON.stringify(content));
  return file;
};

beforeAll(async () => {
  directory = await mkdtemp(join(tmpdir(), 'uwt-preflight-'));
});
afterAll(() => rm(directory, { recursive: true, force: true }));

describe('plugins check', () => {
  it('says which kernels can run an object, and what the others lack', async () => {
    const fresh = await saved('new.json', NEW_KERNEL);
    const old = await saved('old.json', OLD_KERNEL);
    await expect(runCli(['plugins', 'check', FIREWALL, '--profile', fresh])).resolves.toEqual({
      code: 0,
      out: `firewall.bpf.o\n  ${fresh} (kernel 6.18.0): runs\n`,
      err: '',
    });
    const { code, out } = await runCli(['plugin', 'check', FIREWALL, '--profile', fresh, old]);
    expect(code).toBe(1);
    expect(out).toContain(`  ${old} (kernel 5.4.0): `);
    expect(out).toMatch(/firewall_tcx on tcx lacks .*the tcx hook\n/);
  });

  it('gives the same as data, for all hosts of an inventory', async () => {
    const unknown = { ...OLD_KERNEL, release: '' };
    const hosts = [hostWith(NEW_KERNEL, 'a'), hostWith(OLD_KERNEL, 'bb'), hostWith(unknown, 'ccc')];
    const file = await saved('inventory.json', { inventory: { hosts }, catalog: { plugins: [] } });
    const { code, out } = await runCli(['plugins', 'check', FIREWALL, '--profile', file, '--json']);
    expect(code).toBe(1);
    // What has not registered yet is no kernel that was looked at.
    expect(JSON.parse(out)).toMatchObject({
      plugin: 'firewall.bpf.o',
      requirements: { programs: { firewall_xdp: { type: 'xdp' } } },
      kernels: [
        { kernel: 'a', runs: true },
        { kernel: 'bb', release: '5.4.0', runs: false },
      ],
    });
  });

  it('refuses what is no plugin, and what is no profile', async () => {
    const text = await saved('text.o', 'not an object');
    const fresh = await saved('new.json', NEW_KERNEL);
    expect((await runCli(['plugins', 'check', text, '--profile', fresh])).err).toContain('PACKAGE_MALFORMED');
    const { code, err } = await runCli(['plugins', 'check', FIREWALL, '--profile', text]);
    expect(code).toBe(1);
    expect(err).toMatch(/INPUT_INVALID[\s\S]*hosts profile > FILE/);
    const half = await saved('half.json', { inventory: { hosts: [{}] }, catalog: { plugins: [] } });
    expect((await runCli(['plugins', 'check', FIREWALL, '--profile', half])).err).toMatch(
      /INPUT_INVALID[\s\S]*inventory\.hosts\.0/,
    );
    expect((await runCli(['plugins', 'check', './absent.o', '--profile', fresh])).err).toContain('ENOENT');
  });
});

describe('hosts profile', () => {
  it('prints the profile of this machine, as check reads it', async () => {
    const { code, out } = await runCli(['host', 'profile'], { probeKernel: async () => NEW_KERNEL });
    expect(code).toBe(0);
    const file = await saved('printed.json', out);
    expect((await runCli(['plugins', 'check', FIREWALL, '--profile', file])).code).toBe(0);
  });

  it('refuses a profile of nothing: the machine was asked without the right to', async () => {
    const nothing = { ...NEW_KERNEL, programTypes: [], notes: ['program type xdp: EPERM'] };
    const { code, err } = await runCli(['hosts', 'profile'], { probeKernel: async () => nothing });
    expect(code).toBe(1);
    expect(err).toMatch(/CAPABILITY_MISSING[\s\S]*Run as root[\s\S]*EPERM/);
  });
});
