import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import type { DesiredPort } from '@underware/core';
import {
  PREFIX,
  TestHost,
  compileDriver,
  compilePass,
  removeDriver,
  run,
  runIn,
  sweep,
} from './host.spec-support.js';

const root = process.getuid?.() === 0;
const describeAsRoot = root ? describe : describe.skip;
const title = `HostNetwork on the kernel${root ? '' : ' (skipped: needs CAP_NET_ADMIN and CAP_SYS_ADMIN)'}`;

const UPLINKS = { h1: ['192.0.2.1', '2001:db8::1'], h2: ['192.0.2.2', '2001:db8::2'] } as const;

function portOf(host: 1 | 2, number = 1): DesiredPort & { peer: NonNullable<DesiredPort['peer']> } {
  return {
    key: `svc/p${number}`,
    kind: 'veth',
    device: `uwt${host}p${number}`,
    mac: `02:aa:00:00:0${host}:0${number}`,
    mtu: 1450,
    peer: {
      namespace: `${PREFIX}v${host}${number}`,
      device: 'eth0',
      mac: `02:bb:00:00:0${host}:0${number}`,
      addresses: [`10.60.${host}.${number}/32`, `fd60::${host}:${number}/128`],
    },
  };
}

describeAsRoot(title, () => {
  let driver: string;
  let h1: TestHost;
  let h2: TestHost;
  const children: ChildProcess[] = [];

  beforeAll(() => {
    sweep();
    driver = compileDriver();
    for (const name of ['h1', 'h2']) {
      run('ip', 'netns', 'add', PREFIX + name);
      run('ip', '-n', PREFIX + name, 'link', 'set', 'lo', 'up');
    }
    run(
      'ip',
      '-n',
      `${PREFIX}h1`,
      'link',
      'add',
      'up0',
      'type',
      'veth',
      'peer',
      'name',
      'up0',
      'netns',
      `${PREFIX}h2`,
    );
    for (const name of ['h1', 'h2'] as const) {
      const [ipv4, ipv6] = UPLINKS[name];
      run('ip', '-n', PREFIX + name, 'addr', 'add', `${ipv4}/24`, 'dev', 'up0');
      run('ip', '-n', PREFIX + name, 'addr', 'add', `${ipv6}/64`, 'dev', 'up0', 'nodad');
      run('ip', '-n', PREFIX + name, 'link', 'set', 'up0', 'up');
    }
    h1 = new TestHost('h1', driver);
    h2 = new TestHost('h2', driver);
  });

  afterAll(async () => {
    for (const child of children) child.kill('SIGKILL');
    await Promise.all([h1.kill(), h2.kill()]);
    sweep();
    removeDriver(driver);
  });

  /** What a planner would want of the two hosts: a VNF each, and routes both ways. */
  async function wire(): Promise<void> {
    for (const [host, number] of [
      [h1, 1],
      [h2, 2],
    ] as const) {
      const port = portOf(number);
      const other = number === 1 ? 2 : 1;
      await host.call('createNamespace', port.peer.namespace);
      await host.call('createPort', port);
      for (const destination of port.peer.addresses)
        await host.call('addRoute', { destination, via: { device: port.device } });
      const [ipv4, ipv6] = UPLINKS[other === 1 ? 'h1' : 'h2'];
      await host.call('addRoute', { destination: `10.60.${other}.1/32`, via: { nextHop: ipv4 } });
      await host.call('addRoute', { destination: `fd60::${other}:1/128`, via: { nextHop: ipv6 } });
    }
  }

  it('carries ping and TCP between VNFs on two hosts, over IPv4 and IPv6, once all is wired twice', async () => {
    await wire();
    const before = await h1.call('observe');
    await wire();
    expect(await h1.call('observe')).toEqual(before);
    const [v1, v2] = [portOf(1).peer.namespace, portOf(2).peer.namespace];
    for (const address of ['10.60.2.1', 'fd60::2:1']) {
      expect(runIn(v1, 'busybox', 'ping', '-c', '2', '-W', '2', address)).toContain(' 0% packet loss');
      expect(await transfer(v2, v1, address)).toBe(1_000_000);
    }
  });

  it('carries TCP with an XDP program on the host side of the ports', async () => {
    await wire();
    // Any XDP program turns veth into its XDP mode; an empty one is the plain case of a chain that passes.
    const object = compilePass(path.dirname(driver));
    h1.run('ip', 'link', 'set', 'dev', portOf(1).device, 'xdpdrv', 'obj', object, 'sec', 'xdp');
    try {
      expect(h1.run('ip', 'link', 'show', 'dev', portOf(1).device)).toContain('xdp');
      const [v1, v2] = [portOf(1).peer.namespace, portOf(2).peer.namespace];
      expect(await transfer(v2, v1, '10.60.2.1')).toBe(1_000_000);
      expect(await transfer(v1, v2, 'fd60::1:1')).toBe(1_000_000);
    } finally {
      h1.run('ip', 'link', 'set', 'dev', portOf(1).device, 'xdp', 'off');
    }
  });

  it('has VNFs complete their checksums where plugins rewrite packets in XDP, and nowhere else', async () => {
    const port = { ...portOf(1, 7), rewritten: true as const };
    await h1.call('createNamespace', port.peer.namespace);
    await h1.call('createPort', port);
    expect(runIn(port.peer.namespace, 'ethtool', '-k', 'eth0')).toMatch(/^tx-checksumming: off$/m);
    expect(runIn(port.peer.namespace, 'ethtool', '-k', 'eth0')).toMatch(/^generic-receive-offload: on$/m);
    expect(runIn(portOf(1).peer.namespace, 'ethtool', '-k', 'eth0')).toMatch(/^tx-checksumming: on$/m);
    const { ports } = await h1.call('observe');
    expect(ports.filter(({ rewritten }) => rewritten).map(({ device }) => device)).toEqual([port.device]);
    await h1.call('deletePort', port);
    await h1.call('deleteNamespace', port.peer.namespace);
  });

  it('observes exactly what its own host was given', async () => {
    await wire();
    const port = portOf(1);
    const observed = await h1.call('observe');
    expect(observed.namespaces).toEqual([port.peer.namespace]);
    expect(observed.ports).toEqual([
      {
        device: port.device,
        mac: port.mac,
        mtu: 1450,
        up: true,
        peerNamespace: port.peer.namespace,
        peerDevice: 'eth0',
        peerMac: port.peer.mac,
        peerAddresses: port.peer.addresses,
      },
    ]);
    expect(observed.routes).toHaveLength(4);
    expect(observed.routes).toEqual(
      expect.arrayContaining([
        { destination: 'fd60::1:1/128', via: { device: port.device } },
        { destination: '10.60.2.1/32', via: { nextHop: '192.0.2.2' } },
      ]),
    );
  });

  it.each([
    [
      'a host-side neighbour',
      (host: TestHost, p: DesiredPort) => host.run('ip', 'neigh', 'del', '10.60.1.1', 'dev', p.device),
    ],
    ['the way out inside', () => runIn(portOf(1).peer.namespace, 'ip', '-6', 'route', 'del', 'default')],
    [
      'an address inside',
      () => runIn(portOf(1).peer.namespace, 'ip', 'addr', 'del', '10.60.1.1/32', 'dev', 'eth0'),
    ],
    ['the far end', () => runIn(portOf(1).peer.namespace, 'ip', 'link', 'set', 'eth0', 'down')],
  ])('sees that %s went missing, and makes the port anew', async (_what, damage) => {
    await wire();
    const port = portOf(1);
    const whole = (await h1.call('observe')).ports;
    damage(h1, port);
    expect((await h1.call('observe')).ports).not.toEqual(whole);
    await h1.call('createPort', port);
    expect((await h1.call('observe')).ports).toEqual(whole);
  });

  it('gives a port of a segment its ways out and, where it must, a host that knows it', async () => {
    await wire();
    const plain = portOf(1, 2);
    const addresses = ['10.61.1.2/24', 'fd61::2/64'];
    const gateways = [
      { address: '10.61.1.1', mac: '02:cc:00:00:00:01' },
      { address: 'fd61::1', mac: '02:cc:00:00:00:01' },
    ];
    const port = { ...plain, forwards: true as const, peer: { ...plain.peer, addresses, gateways } };
    const seen = async (): Promise<unknown> =>
      (await h1.call('observe')).ports.find(({ device }) => device === port.device);
    await h1.call('createNamespace', port.peer.namespace);
    try {
      await h1.call('createPort', port);
      const whole = await seen();
      expect(whole).toMatchObject({
        up: true,
        peerAddresses: addresses,
        peerGateways: gateways,
        forwards: true,
      });
      const inside = runIn(port.peer.namespace, 'ip', 'neigh', 'show', 'nud', 'permanent');
      expect(inside).toContain('10.61.1.1 dev eth0 lladdr 02:cc:00:00:00:01');
      await h1.call('createPort', port);
      expect(await seen()).toEqual(whole);
      runIn(port.peer.namespace, 'ip', 'route', 'del', 'default');
      expect(await seen()).toMatchObject({ peerGateways: gateways.slice(1) });
      h1.run('ip', 'neigh', 'del', '10.61.1.2', 'dev', port.device);
      expect(await seen()).not.toHaveProperty('forwards');
      await h1.call('createPort', port);
      expect(await seen()).toEqual(whole);
    } finally {
      await h1.call('deletePort', port);
      await h1.call('deleteNamespace', port.peer.namespace);
    }
  });

  it('takes everything down, twice, and leaves the uplink', async () => {
    await wire();
    for (let time = 0; time < 2; time++) {
      for (const route of [
        { destination: '10.60.2.1/32', via: { nextHop: '192.0.2.2' } },
        { destination: 'fd60::2:1/128', via: { nextHop: '2001:db8::2' } },
        { destination: '10.60.1.1/32', via: { device: portOf(1).device } },
        { destination: 'fd60::1:1/128', via: { device: portOf(1).device } },
      ])
        await h1.call('deleteRoute', route);
      await h1.call('deletePort', portOf(1));
      await h1.call('deletePort', { kind: 'uplink', device: 'up0' });
      await h1.call('deleteNamespace', portOf(1).peer.namespace);
    }
    expect(await h1.call('observe')).toEqual({ namespaces: [], ports: [], routes: [] });
    expect(await h1.call('uplinks', ['up0'])).toMatchObject([
      { device: 'up0', mtu: 1500, addresses: ['192.0.2.1/24', '2001:db8::1/64'] },
    ]);
  });

  it('removes the ports with their namespace, so that their names are free at once', async () => {
    await wire();
    await h1.call('deleteNamespace', portOf(1).peer.namespace);
    expect((await h1.call('observe')).ports).toEqual([]);
    await wire();
    expect((await h1.call('observe')).ports).toMatchObject([{ up: true }]);
  });

  it('leaves devices, routes and namespaces of others alone and says so', async () => {
    h1.run('ip', 'link', 'add', 'uwtforeign', 'type', 'bridge');
    h1.run('ip', 'route', 'add', '10.60.9.9/32', 'dev', 'lo');
    run('ip', 'netns', 'add', `${PREFIX}foreign`);
    const port = { ...portOf(1), device: 'uwtforeign' };
    await expect(h1.call('createPort', port)).rejects.toMatchObject({ code: 'DEVICE_BUSY' });
    await expect(h1.call('deletePort', port)).rejects.toMatchObject({ code: 'DEVICE_BUSY' });
    const route = { destination: '10.60.9.9/32', via: { nextHop: '192.0.2.2' } };
    await expect(h1.call('addRoute', route)).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    await h1.call('deleteRoute', { destination: '10.60.9.9/32', via: { device: 'lo' } });
    for (const method of ['createNamespace', 'deleteNamespace'] as const)
      await expect(h1.call(method, `${PREFIX}foreign`)).rejects.toMatchObject({ code: 'NETWORK_FAILED' });
    // Another host's namespace is as foreign as anybody's.
    await h2.call('createNamespace', portOf(2).peer.namespace);
    await expect(h1.call('deleteNamespace', portOf(2).peer.namespace)).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
    });
    expect(h1.run('ip', 'route', 'show', '10.60.9.9')).toContain('dev lo');
    expect(h1.run('ip', 'link', 'show', 'dev', 'uwtforeign')).toContain('uwtforeign');
    const observed = await h1.call('observe');
    expect(observed.namespaces).not.toContain(`${PREFIX}foreign`);
    expect(observed.ports.map(({ device }) => device)).not.toContain('uwtforeign');
  });

  it('names what is missing', async () => {
    await expect(h1.call('uplinks', ['uwtnone'])).rejects.toMatchObject({ code: 'DEVICE_MISSING' });
    const gone = { destination: '10.60.7.7/32', via: { device: 'uwtnone' } };
    await expect(h1.call('addRoute', gone)).rejects.toMatchObject({ code: 'DEVICE_MISSING' });
    await h1.call('deleteRoute', gone);
    const unreachable = { destination: '10.60.7.7/32', via: { nextHop: '203.0.113.9' } };
    await expect(h1.call('addRoute', unreachable)).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
      report: { why: expect.stringContaining('invalid gateway') },
    });
    const port = portOf(1, 7);
    await expect(h1.call('createPort', port)).rejects.toMatchObject({
      code: 'NETWORK_FAILED',
      report: { why: `network namespace ${port.peer.namespace} is not there` },
    });
    await expect(h1.call('createPort', { ...port, kind: 'uplink' })).rejects.toMatchObject({
      code: 'DEVICE_MISSING',
    });
  });

  it('points a route of its own elsewhere instead of failing', async () => {
    const destination = '10.60.8.8/32';
    await h1.call('addRoute', { destination, via: { nextHop: '192.0.2.2' } });
    await h1.call('addRoute', { destination, via: { nextHop: '192.0.2.3' } });
    expect((await h1.call('observe')).routes.filter((route) => route.destination === destination)).toEqual([
      { destination, via: { nextHop: '192.0.2.3' } },
    ]);
    await h1.call('deleteRoute', { destination, via: { nextHop: '192.0.2.3' } });
  });

  it('replaces the name that a killed `ip netns` left without a namespace', async () => {
    const name = `${PREFIX}remnant`;
    run('touch', `/run/netns/${name}`);
    expect((await h1.call('observe')).namespaces).not.toContain(name);
    await h1.call('createNamespace', name);
    expect((await h1.call('observe')).namespaces).toContain(name);
    await h1.call('deleteNamespace', name);
  });

  /** Calls a HostNetwork that has lost all but these capabilities. */
  function callWith(capabilities: string[], method: string, ...args: unknown[]): unknown {
    const set = `--bounding-set=-all${capabilities.map((name) => `,+${name}`).join('')}`;
    const request = JSON.stringify({ id: 1, method, args });
    const command = ['sh', '-c', 'echo "$1" | "$2" "$3"', 'sh', request, process.execPath, driver];
    return JSON.parse(h2.run('setpriv', set, '--inh-caps=-all', '--no-new-privs', '--', ...command));
  }

  it('says which capability is missing, and needs no other', async () => {
    const port = portOf(2, 8);
    expect(callWith(['net_admin'], 'createNamespace', port.peer.namespace)).toMatchObject({
      error: { code: 'CAPABILITY_MISSING', remedy: expect.stringContaining('CAP_SYS_ADMIN') },
    });
    const enough = ['net_admin', 'sys_admin'];
    for (const [method, ...args] of [
      ['createNamespace', port.peer.namespace],
      ['createPort', port],
      ['addRoute', { destination: 'fd60::2:8/128', via: { device: port.device } }],
      ['deletePort', port],
      ['deleteNamespace', port.peer.namespace],
    ] as const)
      expect(callWith(enough, method, ...args)).toEqual({ id: 1 });
  });

  it('comes to the desired state after a SIGKILL at any moment of wiring', async () => {
    const port = portOf(1, 5);
    const destination = '10.60.1.5/32';
    let cutShort = 0;
    for (let delay = 0; delay < 120; delay += 8) {
      const victim = new TestHost('h1', driver);
      await victim.call('uplinks', []); // it is up and answers
      const work = (async () => {
        await victim.call('createNamespace', port.peer.namespace);
        await victim.call('createPort', port);
        await victim.call('addRoute', { destination, via: { device: port.device } });
      })();
      const finished = work.then(
        () => true,
        () => false,
      );
      await new Promise((resolve) => setTimeout(resolve, delay));
      await victim.kill();
      if (!(await finished)) cutShort++;

      const seen = (await h1.call('observe')).ports.find(({ device }) => device === port.device);
      // A port that is seen as whole must be whole: no later than now, the VNF can be reached.
      expect(seen?.up === true ? seen.peerAddresses : port.peer.addresses).toEqual(port.peer.addresses);
      await h1.call('createNamespace', port.peer.namespace);
      await h1.call('createPort', port);
      await h1.call('addRoute', { destination, via: { device: port.device } });
      expect(h1.run('busybox', 'ping', '-c', '1', '-W', '2', '10.60.1.5')).toContain(' 0% packet loss');
      await h1.call('deleteNamespace', port.peer.namespace);
      expect((await h1.call('observe')).namespaces).not.toContain(port.peer.namespace);
    }
    expect(cutShort).toBeGreaterThan(3);
  }, 60_000);

  /** Sends a million bytes by TCP from one namespace to an address of another; resolves to what arrived. */
  async function transfer(server: string, client: string, address: string): Promise<number> {
    const listen = `let n=0;require('net').createServer(s=>{s.on('data',d=>n+=d.length);s.on('end',()=>{console.log(n);process.exit()})}).listen(80,${JSON.stringify(address)},()=>console.log('ready'))`;
    const child = spawn(
      'nsenter',
      [
        `--net=/run/netns/${server}`,
        'setpriv',
        '--reuid=65534',
        '--regid=65534',
        '--clear-groups',
        '--bounding-set=-all',
        process.execPath,
        '-e',
        listen,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    children.push(child);
    let output = '';
    await new Promise<void>((resolve, reject) => {
      child.stdout.on('data', (chunk: Buffer) => {
        output += chunk.toString();
        if (output.includes('ready')) resolve();
      });
      child.once('close', () => reject(new Error('the listener ended')));
    });
    const closed = new Promise((resolve) => child.once('close', resolve));
    runIn(
      client,
      process.execPath,
      '-e',
      `require('net').connect(80,${JSON.stringify(address)},function(){this.end(Buffer.alloc(1e6))})`,
    );
    await closed;
    return Number(output.replace('ready', ''));
  }
});
