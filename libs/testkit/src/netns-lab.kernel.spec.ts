import { afterAll, expect, it, beforeAll } from '@jest/globals';
import { once } from 'node:events';
import { readFile, readdir } from 'node:fs/promises';
import { callEcho, describeKernel, NetnsLab, runCommand, startEchoServer, sweep, waitFor } from './index.js';

const prefix = 'uwt-lab-';

describeKernel('NetnsLab', () => {
  let lab: NetnsLab;

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix });
  });

  afterAll(async () => {
    await lab.destroy();
  });

  it('carries TCP and UDP over IPv4 and IPv6 between two hosts', async () => {
    const a = await lab.addHost('a');
    const b = await lab.addHost('b');
    await lab.cable(
      { host: a, device: 'eth0', addresses: ['10.80.0.1/24', 'fd80::1/64'], mac: '02:00:00:00:80:01' },
      { host: b, device: 'eth0', addresses: ['10.80.0.2/24', 'fd80::2/64'] },
    );
    expect(await a.device('eth0')).toMatchObject({ mac: '02:00:00:00:80:01', mtu: 1500 });
    for (const protocol of ['tcp', 'udp'] as const) {
      for (const address of ['10.80.0.2', 'fd80::2']) {
        const endpoint = { protocol, address, port: 7000 };
        const server = await startEchoServer(b, endpoint);
        expect(await callEcho(a, endpoint)).toBe(true);
        await waitFor('the server to say so', () => server.requests() === 1);
        await server.stop();
        expect(await callEcho(a, endpoint, { timeoutMs: 200 })).toBe(false);
      }
    }
  });

  it('switches between many hosts over a fabric, and routes through one of them', async () => {
    const [c, d, e] = [await lab.addHost('c'), await lab.addHost('d'), await lab.addHost('e')];
    await lab.addFabric('fabric', [
      { host: c, device: 'up0', addresses: ['10.81.0.1/24'] },
      { host: d, device: 'up0', addresses: ['10.81.0.2/24'] },
    ]);
    await lab.cable(
      { host: d, device: 'eth1', addresses: ['10.82.0.1/24'] },
      { host: e, device: 'eth0', addresses: ['10.82.0.2/24'] },
    );
    await d.enableForwarding();
    await c.ip('route', 'add', '10.82.0.0/24', 'via', '10.81.0.2');
    await e.ip('route', 'add', 'default', 'via', '10.82.0.1');
    const server = await startEchoServer(e, { protocol: 'tcp', address: '10.82.0.2', port: 7000 });
    expect(await callEcho(c, { protocol: 'tcp', address: '10.82.0.2', port: 7000 })).toBe(true);
    await server.stop();
  });

  it('gives every host a BPF file system of its own that its processes see', async () => {
    const f = await lab.addHost('f');
    expect((await f.run(['stat', '-f', '-c', '%T', f.bpffs])).stdout.trim()).toBe('bpf_fs');
  });

  it('names the command and its standard error when one fails', async () => {
    const g = await lab.addHost('g');
    await expect(g.ip('link', 'show', 'dev', 'nothing')).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
      message: expect.stringMatching(/nothing.*does not exist/s),
    });
  });

  it('leaves nothing when it is destroyed, running processes included', async () => {
    const h = await lab.addHost('h');
    const child = h.spawn(['sleep', '1000'], { stdio: 'ignore' });
    const closed = once(child, 'close');
    await lab.destroy();
    expect(await closed).toEqual([null, 'SIGKILL']);
    const { stdout } = await runCommand(['ip', 'netns', 'list']);
    expect(stdout).not.toContain(prefix);
    expect(await readFile('/proc/self/mounts', 'utf8')).not.toContain(prefix);
    expect(await readdir('/run/underware')).not.toContain(prefix);
  });

  it('refuses to sweep without a prefix', async () => {
    await expect(sweep({ prefix: '' })).rejects.toMatchObject({ code: 'INPUT_INVALID' });
  });
});
