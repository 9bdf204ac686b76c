import { afterAll, beforeAll, expect } from '@jest/globals';
import type { ChildProcess } from 'node:child_process';
import {
  attachInHost,
  describeKernel,
  itKernel,
  NetnsLab,
  PluginInstance,
  waitFor,
} from '@underware/testkit';
import type { Attachment, NetnsHost } from '@underware/testkit';
import { balancerConfig, COUNTER, SHARED, VIRTUAL } from './balancer-config.spec-support.js';
import type { Balancer } from './balancer-config.spec-support.js';
import { Sessions, startServer } from './sessions.spec-support.js';
import type { Session } from './sessions.spec-support.js';

const NAMES = ['s1', 's2', 's3', 's4'];
const BOTH = [VIRTUAL.ipv4, VIRTUAL.ipv6];
const backendsOf = (...names: string[]): Balancer['backends'] =>
  Object.fromEntries(names.map((name) => [name, [`10.99.${name.slice(1)}.1`, `fd99:${name.slice(1)}::1`]]));

const namesOf = (sessions: readonly Session[]): string[] =>
  [...new Set(sessions.map(({ server }) => server))].sort();
const brokenOf = (sessions: readonly Session[]): string[] =>
  sessions.flatMap(({ broken }) => (broken === '' ? [] : [broken]));

/** A client's host with the balancer at the client's port, and four servers behind the host's routing. */
describeKernel('connections through a load balancer', () => {
  let lab: NetnsLab;
  let host: NetnsHost;
  let client: NetnsHost;
  const servers: ChildProcess[] = [];
  const attachments: Attachment[] = [];
  let roots: { sent: PluginInstance; received: PluginInstance };

  beforeAll(async () => {
    lab = await NetnsLab.create({ prefix: 'uwt-lb-' });
    [client, host] = [await lab.addHost('client'), await lab.addHost('host')];
    await lab.cable(
      { host: client, device: 'eth0', addresses: ['10.99.0.1/24', 'fd99::1/64'] },
      { host, device: 'client', addresses: ['10.99.0.254/24', 'fd99::fe/64'] },
    );
    await host.enableForwarding();
    await client.ip('route', 'add', 'default', 'via', '10.99.0.254');
    await client.ip('-6', 'route', 'add', 'default', 'via', 'fd99::fe');
    // As agents ready the ports of clients.
    await client.ip(
      'neighbour',
      'add',
      VIRTUAL.ipv4,
      'lladdr',
      (await host.device('client')).mac,
      'dev',
      'eth0',
    );
    await client.ip(
      'neighbour',
      'add',
      VIRTUAL.ipv6,
      'lladdr',
      (await host.device('client')).mac,
      'dev',
      'eth0',
    );
    await client.run(['ethtool', '-K', 'eth0', 'tx', 'off']);
    for (const [i, name] of NAMES.entries()) {
      const server = await lab.addHost(name);
      const at = i + 1;
      await lab.cable(
        { host: server, device: 'eth0', addresses: [`10.99.${at}.1/24`, `fd99:${at}::1/64`] },
        { host, device: name, addresses: [`10.99.${at}.254/24`, `fd99:${at}::fe/64`] },
      );
      await server.ip('route', 'add', 'default', 'via', `10.99.${at}.254`);
      await server.ip('-6', 'route', 'add', 'default', 'via', `fd99:${at}::fe`);
      servers.push(await startServer(server, name, 8080));
    }
    roots = {
      sent: await PluginInstance.load('root', 'uw_root_xdp'),
      received: await PluginInstance.load('root', 'uw_root_tcx'),
    };
    attachments.push(
      await attachInHost(host, 'client', 'xdp', roots.sent.program),
      await attachInHost(host, 'client', 'tcx/egress', roots.received.program),
    );
  });

  afterAll(async () => {
    for (const server of servers) server.kill('SIGKILL');
    for (const attachment of attachments) await attachment.detach();
    roots?.sent.close();
    roots?.received.close();
    await lab?.destroy();
  });

  /** A balancer in the chains; another revision takes its place as an agent would have it, by one swap in each. */
  async function start(first: Balancer) {
    const ids = new Map<string, number>();
    let sent: PluginInstance | undefined;
    let received: PluginInstance | undefined;
    const sessions = new Sessions(client);
    const revise = async (balancer: Balancer): Promise<void> => {
      const before = [sent, received];
      const config = balancerConfig('outbound', balancer);
      const shared = sent && { of: sent, maps: SHARED };
      const [nextSent, inbound] = [
        await PluginInstance.load('load-balancer', 'balancer_xdp', config, shared),
        balancerConfig('inbound', balancer),
      ];
      received = await PluginInstance.load('load-balancer', 'balancer_tcx', inbound, {
        of: nextSent,
        maps: SHARED,
      });
      sent = nextSent;
      for (const [i, name] of Object.keys(balancer.backends).entries())
        ids.set(name, Number(config.maps['members']?.[i]?.key));
      await roots.received.setNext(received);
      await roots.sent.setNext(sent);
      for (const instance of before) instance?.close();
    };
    await revise(first);
    return {
      sessions,
      revise,
      open: (count: number) => sessions.open(count, BOTH, 80),
      check: async (name: string, down: 0 | 1) => sent?.map('health').set(ids.get(name) ?? 0, { down }),
      counter: async (name: keyof typeof COUNTER) =>
        (await sent?.counters('counters'))?.[COUNTER[name]]?.packets ?? 0,
      /** Every session but those that broke before goes on: each has had some more answers. */
      goOn: async (among: (session: Session) => boolean = () => true): Promise<Session[]> => {
        const before = await sessions.all();
        return waitFor('every session to go on', async () => {
          const now = await sessions.all();
          const stuck = now.filter(
            (session, i) => among(session) && session.answers < (before[i]?.answers ?? 0) + 5,
          );
          return stuck.some(({ broken }) => broken === '') ? undefined : now;
        });
      },
      stop: async () => {
        sessions.stop();
        await roots.sent.setNext(null);
        await roots.received.setNext(null);
        sent?.close();
        received?.close();
      },
    };
  }

  itKernel('stay whole and where they are while backends come and go under traffic', async () => {
    const { sessions, open, revise, goOn, stop } = await start({ backends: backendsOf('s1', 's2', 's3') });
    const first = await open(300);
    expect([brokenOf(first), namesOf(first)]).toEqual([[], ['s1', 's2', 's3']]);
    const homes = first.map(({ server }) => server);
    // Again and again, so that some packet meets each moment of a swap.
    for (let i = 0; i < 10; i += 1)
      await revise({ backends: backendsOf('s1', 's2', 's3', ...(i % 2 === 0 ? ['s4'] : [])) });
    await revise({ backends: backendsOf('s4', 's3', 's2', 's1') });
    const second = await open(100);
    expect(namesOf(second)).toContain('s4');
    // Those that begin just then, too: what a backend answered before it left is its own.
    for (let i = 0; i < 10; i += 1) {
      const beginning = open(20);
      await revise({ backends: backendsOf('s1', i % 2 === 0 ? 's2' : 's3') });
      await beginning;
    }
    const all = await goOn();
    expect(brokenOf(all)).toEqual([]);
    expect(all.slice(0, 300).map(({ server }) => server)).toEqual(homes);
    expect(await sessions.all()).toHaveLength(600);
    await stop();
  });

  itKernel(
    'stay with a backend that drains, for so long as it may, while others get what is new',
    async () => {
      const { open, revise, goOn, counter, sessions, stop } = await start({
        backends: backendsOf('s1', 's2', 's3'),
        drain: 60,
      });
      const first = await open(120);
      await revise({ backends: backendsOf('s1', 's2', 's3'), weights: { s2: 0 }, drain: 60 });
      const second = await open(120);
      expect(namesOf(second)).toEqual(['s1', 's3']);
      expect(brokenOf(await goOn())).toEqual([]);
      expect(await counter('moved')).toBe(0);
      // Its time is up: whoever asks now comes to another, which knows nothing of it.
      await revise({ backends: backendsOf('s1', 's3'), drain: 1 });
      const left = first.filter(({ server }) => server === 's2').length;
      expect(left).toBeGreaterThan(10);
      const over = await waitFor('what was left to end', async () => {
        const broken = (await sessions.all()).filter((session) => session.broken !== '');
        return broken.length >= left ? broken : undefined;
      });
      expect([namesOf(over), over.length]).toEqual([['s2'], left]);
      expect(brokenOf(await goOn(({ server }) => server !== 's2'))).toHaveLength(left);
      await stop();
    },
  );

  itKernel('of one source stay with one backend, also when the ring is another', async () => {
    const balancer = { affinity: 'source', addresses: [VIRTUAL.ipv4] };
    const { sessions, revise, goOn, stop } = await start({ ...balancer, backends: backendsOf('s1', 's2') });
    const open = (count: number) => sessions.open(count, [VIRTUAL.ipv4], 80);
    const [home = ''] = namesOf(await open(50));
    expect(namesOf(await sessions.all())).toEqual([home]);
    for (const names of [NAMES, NAMES.slice().reverse(), [home, 's3', 's4']]) {
      await revise({ ...balancer, backends: backendsOf(...new Set(names)) });
      expect(namesOf(await open(30))).toEqual([home]);
    }
    // Only where its backend leaves for good it goes elsewhere.
    const others = NAMES.filter((name) => name !== home);
    await revise({ ...balancer, backends: backendsOf(...others), drain: 60 });
    const after = namesOf(await open(30));
    expect(after).toHaveLength(1);
    expect(others).toContain(after[0]);
    expect(brokenOf(await goOn())).toEqual([]);
    await stop();
  });

  itKernel('avoid backends that are down, and what is open there stays', async () => {
    const { open, check, goOn, counter, stop } = await start({
      backends: backendsOf('s1', 's2', 's3'),
      health_check: { protocol: 'tcp' },
    });
    for (const name of ['s1', 's2', 's3']) await check(name, 0);
    expect(namesOf(await open(90))).toEqual(['s1', 's2', 's3']);
    await check('s2', 1);
    expect(namesOf(await open(90))).toEqual(['s1', 's3']);
    expect(brokenOf(await goOn())).toEqual([]);
    await check('s2', 0);
    expect(namesOf(await open(90))).toEqual(['s1', 's2', 's3']);
    expect(await counter('none_healthy')).toBe(0);
    for (const name of ['s1', 's2', 's3']) await check(name, 1);
    const last = await open(90);
    expect([brokenOf(last), namesOf(last)]).toEqual([[], ['s1', 's2', 's3']]);
    expect(await counter('none_healthy')).toBe(90);
    await stop();
  });
});
