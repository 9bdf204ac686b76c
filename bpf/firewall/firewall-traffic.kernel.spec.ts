import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import {
  attachInHost,
  callEcho,
  createRoutedPair,
  describeKernel,
  itKernel,
  PluginInstance,
  startEchoServer,
  waitFor,
} from '@underware/testkit';
import type { Attachment, EchoServer, RoutedPair } from '@underware/testkit';
import { COUNTER, DROP, firewallConfig, PASS } from './firewall-config.spec-support.js';

const ALLOWED = 7001;
const DENIED = 7002;
const TEXT = 'hello';
/** Ethernet, IP, UDP and the text. */
const FRAME_BYTES = { ipv4: 14 + 20 + 8 + TEXT.length, ipv6: 14 + 40 + 8 + TEXT.length };

/** Both see what the client sends: received from it, or sent on to the server. */
const placements = [
  { hook: 'xdp', device: 'client', root: 'uw_root_xdp', program: 'firewall_xdp' },
  { hook: 'tcx/egress', device: 'server', root: 'uw_root_tcx', program: 'firewall_tcx' },
] as const;

describeKernel(
  'firewall between a client and a server',
  () => {
    let pair: RoutedPair;
    const servers: EchoServer[] = [];

    beforeAll(async () => {
      pair = await createRoutedPair('uwt-fw-');
      for (const address of Object.values(pair.serverAddresses)) {
        for (const protocol of ['tcp', 'udp'] as const) {
          for (const port of [ALLOWED, DENIED]) {
            servers.push(await startEchoServer(pair.server, { protocol, address, port }));
          }
        }
      }
    });

    afterAll(async () => {
      for (const server of servers) await server.stop();
      await pair?.lab.destroy();
    });

    for (const { hook, device, root, program } of placements) {
      describeKernel(`on ${hook}`, () => {
        let chain: PluginInstance;
        let firewall: PluginInstance;
        let attachment: Attachment;

        beforeEach(async () => {
          chain = await PluginInstance.load('root', root);
          firewall = await PluginInstance.load(
            'firewall',
            program,
            firewallConfig(DROP, [
              { action: PASS, protocol: 'tcp', destinationPorts: [ALLOWED, ALLOWED] },
              { action: PASS, protocol: 'udp', destinationPorts: [ALLOWED, ALLOWED] },
              { action: DROP, protocol: 'udp', destinationPorts: [DENIED, DENIED] },
            ]),
          );
          await chain.setNext(firewall);
          attachment = await attachInHost(pair.host, device, hook, chain.program);
        });

        afterEach(async () => {
          await attachment.detach();
          firewall.close();
          chain.close();
        });

        for (const family of ['ipv4', 'ipv6'] as const) {
          itKernel(`lets TCP over ${family} connect to the allowed port only`, async () => {
            const address = pair.serverAddresses[family];
            expect(await callEcho(pair.client, { protocol: 'tcp', address, port: ALLOWED })).toBe(true);
            const call = callEcho(
              pair.client,
              { protocol: 'tcp', address, port: DENIED },
              { timeoutMs: 300 },
            );
            expect(await call).toBe(false);
            expect((await firewall.counters('rule_counters'))[0]?.packets).toBeGreaterThanOrEqual(3);
            expect((await firewall.counters('counters'))[COUNTER.default]?.packets).toBeGreaterThanOrEqual(1);
          });

          itKernel(`counts every datagram over ${family}, passed or dropped`, async () => {
            const address = pair.serverAddresses[family];
            for (let i = 0; i < 3; i++) {
              expect(
                await callEcho(pair.client, { protocol: 'udp', address, port: ALLOWED }, { text: TEXT }),
              ).toBe(true);
            }
            for (let i = 0; i < 2; i++) {
              const call = callEcho(
                pair.client,
                { protocol: 'udp', address, port: DENIED },
                { text: TEXT, timeoutMs: 100 },
              );
              expect(await call).toBe(false);
            }
            // Counted by rule: what the kernels send by themselves (multicast reports) falls to the default at any moment.
            const bytes = FRAME_BYTES[family];
            await waitFor('the last datagram', async () => {
              return (await firewall.counters('rule_counters'))[2]?.packets === 2;
            });
            const [, passed, dropped] = await firewall.counters('rule_counters');
            expect(passed).toEqual({ packets: 3, bytes: 3 * bytes });
            expect(dropped).toEqual({ packets: 2, bytes: 2 * bytes });
          });
        }

        itKernel('opens and closes by one swap of the slot while connections come and go', async () => {
          const endpoint = { protocol: 'udp', address: pair.serverAddresses.ipv4, port: DENIED } as const;
          expect(await callEcho(pair.client, endpoint, { timeoutMs: 100 })).toBe(false);
          await chain.setNext(null);
          expect(await callEcho(pair.client, endpoint)).toBe(true);
          await chain.setNext(firewall);
          expect(await callEcho(pair.client, endpoint, { timeoutMs: 100 })).toBe(false);
        });
      });
    }
    describeKernel('on both sides', () => {
      itKernel('lets answers back and nobody else in, with rules for who asks alone', async () => {
        const config = firewallConfig(DROP, [
          {
            action: PASS,
            destination: `${pair.serverAddresses.ipv4}/32`,
            destinationPorts: [ALLOWED, ALLOWED],
            protocol: 'tcp',
          },
          {
            action: PASS,
            destination: `${pair.serverAddresses.ipv6}/128`,
            destinationPorts: [ALLOWED, ALLOWED],
            protocol: 'udp',
          },
        ]);
        const ping = ['busybox', 'ping', '-c', '1', '-W', '1', pair.clientAddresses.ipv4];
        await pair.server.run(ping);
        const roots = [
          await PluginInstance.load('root', 'uw_root_xdp'),
          await PluginInstance.load('root', 'uw_root_xdp'),
        ];
        const first = await PluginInstance.load('firewall', 'firewall_xdp', config);
        const shared = { of: first, maps: ['connections', 'pending'] };
        const firewalls = [first, await PluginInstance.load('firewall', 'firewall_xdp', config, shared)];
        const attachments: Attachment[] = [];
        for (const [i, device] of ['client', 'server'].entries()) {
          const [root, firewall] = [roots[i], firewalls[i]];
          if (root === undefined || firewall === undefined) continue;
          await root.setNext(firewall);
          attachments.push(await attachInHost(pair.host, device, 'xdp', root.program));
        }
        const call = (protocol: 'tcp' | 'udp', address: string, port = ALLOWED) =>
          callEcho(pair.client, { protocol, address, port }, { timeoutMs: 2000 });
        expect(await call('tcp', pair.serverAddresses.ipv4)).toBe(true);
        expect(await call('udp', pair.serverAddresses.ipv6)).toBe(true);
        expect((await firewalls[1]?.counters('counters'))?.[COUNTER.known]?.packets).toBeGreaterThan(2);
        const denied = { protocol: 'udp', address: pair.serverAddresses.ipv4, port: ALLOWED } as const;
        expect(await callEcho(pair.client, denied, { timeoutMs: 200 })).toBe(false);
        await expect(pair.server.run(ping)).rejects.toThrow(/ping/);
        for (const attachment of attachments) await attachment.detach();
        for (const each of [...roots, ...firewalls]) each.close();
      });
    });
  },
  ['root', 'network-namespaces', 'bpf', 'tcx'],
);
