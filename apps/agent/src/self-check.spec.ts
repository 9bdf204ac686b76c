import { describe, expect, it } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from './config.js';
import { missingCapabilities, selfCheck } from './self-check.js';

const ENVIRONMENT = {
  UNDERWARE_HOST: 'h1',
  UNDERWARE_API: 'unix:/run/api.sock',
  UNDERWARE_TOKEN_FILE: '/nowhere/token',
  UNDERWARE_QUEUE_URL: 'redis://127.0.0.1',
};

describe('the configuration', () => {
  it('is read with its defaults', () => {
    expect(readConfig({ ...ENVIRONMENT, UNDERWARE_UPLINKS: 'eth0, eth1,' })).toMatchObject({
      api: { socketPath: '/run/api.sock' },
      bpffs: '/sys/fs/bpf',
      uplinks: ['eth0', 'eth1'],
    });
  });

  it('names every variable that is wrong', () => {
    const wrong = { ...ENVIRONMENT, UNDERWARE_API: 'ftp://x', UNDERWARE_TOKEN_FILE: 'token' };
    expect(() => readConfig(wrong)).toThrow(/UNDERWARE_API.*UNDERWARE_TOKEN_FILE/);
  });
});

describe('the self check', () => {
  it('names each missing capability', () => {
    const netAdminAndBpf = (1n << 12n) | (1n << 39n);
    const missing = missingCapabilities(
      `Name:\tnode\nCapEff:\t${netAdminAndBpf.toString(16).padStart(16, '0')}\n`,
    );
    const names = missing.map(({ on }) => on);
    expect(names).toContain('CAP_SYS_ADMIN');
    expect(names).not.toContain('CAP_BPF');
    expect(missing[0]?.why).toContain('which is needed to');
  });

  it('names everything else that is missing at once', async () => {
    const dir = await mkdtemp(join(tmpdir(), 'uwt-check-'));
    const config = readConfig({
      ...ENVIRONMENT,
      UNDERWARE_BPFFS: dir,
      UNDERWARE_STATE_DIR: join(dir, 'state'),
      UNDERWARE_TRUSTED_KEYS: dir,
      UNDERWARE_ENGINE_OBJECT: join(dir, 'root.bpf.o'),
    });
    const found = (await selfCheck(config)).filter(({ code }) => code !== 'CAPABILITY_MISSING');
    await rm(dir, { recursive: true });
    expect(found.map(({ code, on }) => [code, on])).toEqual([
      ['BPFFS_MISSING', dir],
      ['INPUT_INVALID', '/nowhere/token'],
      ['INPUT_INVALID', dir],
      ['INPUT_INVALID', join(dir, 'root.bpf.o')],
      ['INPUT_INVALID', join(dir, 'deliver.bpf.o')],
    ]);
  });
});
