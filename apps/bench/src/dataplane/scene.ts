import { createRoutedPair, receiveTraffic, startTraffic, waitFor } from '@underware/testkit';
import type { NetnsHost, RoutedPair, TrafficReceiver } from '@underware/testkit';
import { measurePacketRate } from './packet-rate.js';
import type { PacketRate } from './packet-rate.js';

const PREFIX = 'uwb-flow-';
const CLIENT_PORT = 10_000;
export const SERVER_PORT = 9;
/** Ethernet's smallest frame, 64 bytes with its check sequence. */
const FRAME_BYTES = 60;
const ANSWERS = 64;

/** A client, a server, and a host that routes between them, and filters: what is measured is how much it lets through. */
export class Scene {
  private constructor(
    readonly pair: RoutedPair,
    private readonly server: TrafficReceiver,
    private readonly client: TrafficReceiver,
  ) {}

  static async open(): Promise<Scene> {
    const pair = await createRoutedPair(PREFIX);
    try {
      const { host, client, server, clientAddresses, serverAddresses } = pair;
      await host.ip(...neighbour(clientAddresses.ipv4, (await client.device('eth0')).mac, 'client'));
      await host.ip(...neighbour(serverAddresses.ipv4, (await server.device('eth0')).mac, 'server'));
      return new Scene(pair, await receiveTraffic(server, 'eth0'), await receiveTraffic(client, 'eth0'));
    } catch (error) {
      await pair.lab.destroy();
      throw error;
    }
  }

  /** Sends `frames` to the server, or to what is behind it, as fast as the host takes them. */
  measure(flows: number, frames: number, behind?: string): Promise<PacketRate> {
    return measurePacketRate(this.server, () => this.send('client', flows, frames, behind));
  }

  /** Lets the server answer the client's first flow, and the client go on: then it is a connection on both sides. */
  async establish(): Promise<void> {
    const before = await this.client.received();
    await this.measure(1, ANSWERS);
    await this.send('server', 1, ANSWERS);
    await waitFor('the answers', async () => (await this.client.received()).packets > before.packets);
    await this.measure(1, ANSWERS);
  }

  async close(): Promise<void> {
    await this.server.close();
    await this.client.close();
    await this.pair.lab.destroy();
  }

  private async send(from: 'client' | 'server', flows: number, frames: number, behind?: string) {
    const { host, clientAddresses, serverAddresses } = this.pair;
    const asks = from === 'client';
    const sender: NetnsHost = this.pair[from];
    const traffic = await startTraffic(sender, {
      device: 'eth0',
      destinationMac: (await host.device(from)).mac,
      source: asks ? clientAddresses.ipv4 : serverAddresses.ipv4,
      destination: behind ?? (asks ? serverAddresses.ipv4 : clientAddresses.ipv4),
      sourcePort: asks ? CLIENT_PORT : SERVER_PORT,
      destinationPort: asks ? SERVER_PORT : CLIENT_PORT,
      flows,
      frames,
      frameBytes: FRAME_BYTES,
    });
    return traffic.done;
  }
}

function neighbour(address: string, mac: string, device: string): string[] {
  return ['neigh', 'replace', address, 'lladdr', mac, 'dev', device, 'nud', 'permanent'];
}
