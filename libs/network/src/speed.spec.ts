import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { speedOf } from './speed.js';

describe('the speed of an uplink', () => {
  const root = mkdtempSync(join(tmpdir(), 'uwt-speed-'));
  const device = { ifindex: 3, address: '02:00:5e:00:53:01' };

  beforeAll(() => {
    for (const [name, speed] of Object.entries({ fast: '25000', none: '-1', odd: 'unknown' })) {
      mkdirSync(join(root, name));
      writeFileSync(join(root, name, 'ifindex'), '3\n');
      writeFileSync(join(root, name, 'address'), `${device.address}\n`);
      writeFileSync(join(root, name, 'speed'), `${speed}\n`);
    }
  });

  afterAll(() => {
    rmSync(root, { recursive: true, force: true });
  });

  it.each([
    ['fast', 25_000_000_000],
    ['none', undefined],
    ['odd', undefined],
    ['gone', undefined],
  ])('%s is %s', async (ifname, expected) => {
    expect(await speedOf({ ...device, ifname }, root)).toBe(expected);
  });

  it('is not that of another device of the same name', async () => {
    expect(await speedOf({ ...device, ifindex: 4, ifname: 'fast' }, root)).toBeUndefined();
    expect(await speedOf({ ...device, address: '02:00:5e:00:53:02', ifname: 'fast' }, root)).toBeUndefined();
  });
});
