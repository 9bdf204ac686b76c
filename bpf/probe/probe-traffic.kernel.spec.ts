import { afterAll, afterEach, beforeAll, beforeEach, expect } from '@jest/globals';
import { formatIp } from '@underware/packet';
import {
  attachInHost,
  callEcho,
  createRoutedPair,
  describeKernel,
  itKernel,
  PluginInstance,
  startEchoServer,
} from '@underware/testkit';
import type { Attachment, EchoServer, RoutedPair } from '@underware/testkit';

const PORT = 7001;
const TEXT = 'hello';

const placements = [
  { hook: 'xdp', device: 'client', root: 'uw_root_xdp', program: 'probe_xdp' },
  { hook: 'tcx/egress', device: 'server', root: 'uw_root_tcx', program: 'probe_tcx' },
] as const;

interface Flow {
  source: string;
  destination: string;
  destinationPort: number;
  protocol: number;
  packets: number;
  /** All fields of its state, by name. */
  state: Record<string, number>;
}

const settings = (outbound: number) => ({ rodata: { probe_config: { rtt: 1, outbound } } });

describeKernel(
  'probe between a client and a server',
  () => {
    let pair: RoutedPair;
    const servers: EchoServer[] = [];

    beforeAll(async () => {
      pair = await createRoutedPair('uwt-probe-');
      for (const address of Object.values(pair.serverAddresses)) {
        for (const protocol of ['tcp', 'udp'] as const) {
          servers.push(await startEchoServer(pair.server, { protocol, address, port: PORT }));
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
        let probe: PluginInstance;
        let attachment: Attachment;

        beforeEach(async () => {
          chain = await PluginInstance.load('root', root);
          probe = await PluginInstance.load('probe', program);
          await chain.setNext(probe);
          attachment = await attachInHost(pair.host, device, hook, chain.program);
        });

        afterEach(async () => {
          await attachment.detach();
          probe.close();
          chain.close();
        });

        for (const family of ['ipv4', 'ipv6'] as const) {
          itKernel(`sees the flows of real connections over ${family} and disturbs none`, async () => {
            const address = pair.serverAddresses[family];
            expect(
              await callEcho(pair.client, { protocol: 'udp', address, port: PORT }, { text: TEXT }),
            ).toBe(true);
            expect(
              await callEcho(pair.client, { protocol: 'tcp', address, port: PORT }, { text: TEXT }),
            ).toBe(true);
            const flows = await flowsOf(probe);
            const seen = {
              source: pair.clientAddresses[family],
              destination: address,
              destinationPort: PORT,
            };
            expect(flows).toContainEqual(expect.objectContaining({ ...seen, protocol: 17, packets: 1 }));
            const tcp = flows.find((flow) => flow.protocol === 6);
            expect(tcp).toMatchObject(seen);
            expect(tcp?.packets).toBeGreaterThanOrEqual(3);
            expect((await probe.verdicts()).drop.packets).toBe(0);
          });
        }
      });
    }

    itKernel('times real handshakes, of both directions of a port together', async () => {
      const out = await PluginInstance.load('probe', 'probe_xdp', settings(1));
      const back = await PluginInstance.load('probe', 'probe_tcx', settings(0), {
        of: out,
        maps: ['handshakes'],
      });
      const attachments: Attachment[] = [];
      const roots: PluginInstance[] = [];
      try {
        for (const [hook, root, instance] of [
          ['xdp', 'uw_root_xdp', out],
          ['tcx/egress', 'uw_root_tcx', back],
        ] as const) {
          const chain = await PluginInstance.load('root', root);
          roots.push(chain);
          await chain.setNext(instance);
          attachments.push(await attachInHost(pair.host, 'client', hook, chain.program));
        }
        const calls = [pair.serverAddresses.ipv4, pair.serverAddresses.ipv6];
        for (const address of calls)
          expect(await callEcho(pair.client, { protocol: 'tcp', address, port: PORT }, { text: TEXT })).toBe(
            true,
          );
        for (const end of ['destination_rtt_us', 'source_rtt_us']) {
          const times = (await flowsOf(out)).map((flow) => flow.state[end] ?? 0);
          expect(times.filter((us) => us > 0 && us < 1_000_000)).toHaveLength(calls.length);
        }
      } finally {
        for (const attachment of attachments) await attachment.detach();
        for (const each of [...roots, out, back]) each.close();
      }
    });
  },
  ['root', 'network-namespaces', 'bpf', 'tcx'],
);

async function flowsOf(probe: PluginInstance): Promise<Flow[]> {
  const flows: Flow[] = [];
  for await (const [key, value] of probe.map('flows').entries()) {
    const flow = key as unknown as Record<string, number> & { source: number[]; destination: number[] };
    flows.push({
      source: readAddress(flow.source, flow['family']),
      destination: readAddress(flow.destination, flow['family']),
      destinationPort: Number(flow['destination_port']),
      protocol: Number(flow['protocol']),
      packets: Number((value as unknown as Record<string, number>)['packets']),
      state: value as unknown as Record<string, number>,
    });
  }
  return flows;
}

function readAddress(bytes: number[], family: number | undefined): string {
  return formatIp(Uint8Array.from(family === 4 ? bytes.slice(12) : bytes));
}
