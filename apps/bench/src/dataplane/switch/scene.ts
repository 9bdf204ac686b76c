import { NetnsLab, receiveTraffic, startTraffic } from '@underware/testkit';
import type { NetnsHost, TrafficReceiver } from '@underware/testkit';
import { measurePacketRate } from '../packet-rate.js';
import type { PacketRate } from '../packet-rate.js';

const PREFIX = 'uwb-segment-';
/** The check sequence that a frame on a wire ends with, and no device here writes. */
const CHECK_SEQUENCE_BYTES = 4;

/** A VNF on the segment, and the device of the host that faces it. */
export interface Station {
  name: string;
  mac: string;
  address: string;
}

export const STATIONS = {
  sender: { name: 'sender', mac: '02:00:00:00:70:01', address: '10.86.0.1' },
  receiver: { name: 'receiver', mac: '02:00:00:00:70:02', address: '10.86.0.2' },
} as const satisfies Record<string, Station>;

/** Two VNFs at ports of one host; what is between the ports is what is measured. */
export class SwitchScene {
  private constructor(
    private readonly lab: NetnsLab,
    readonly host: NetnsHost,
    private readonly sender: NetnsHost,
    private readonly receiver: TrafficReceiver,
  ) {}

  static async open(): Promise<SwitchScene> {
    const lab = await NetnsLab.create({ prefix: PREFIX });
    try {
      const host = await lab.addHost('host');
      const [sender, receiver] = [
        await addVnf(lab, host, STATIONS.sender),
        await addVnf(lab, host, STATIONS.receiver),
      ];
      return new SwitchScene(lab, host, sender, await receiveTraffic(receiver, 'eth0'));
    } catch (error) {
      await lab.destroy();
      throw error;
    }
  }

  /** Sends `frames` of `bytes` on the wire, in so many flows; without a pace, as fast as the host takes them. */
  measure(load: {
    frames: number;
    bytes: number;
    flows: number;
    packetsPerSecond?: number;
  }): Promise<PacketRate> {
    const { bytes, ...rest } = load;
    return measurePacketRate(this.receiver, async () => {
      const traffic = await startTraffic(this.sender, {
        device: 'eth0',
        destinationMac: STATIONS.receiver.mac,
        source: STATIONS.sender.address,
        destination: STATIONS.receiver.address,
        frameBytes: bytes - CHECK_SEQUENCE_BYTES,
        ...rest,
      });
      return traffic.done;
    });
  }

  async close(): Promise<void> {
    await this.receiver.close();
    await this.lab.destroy();
  }
}

async function addVnf(lab: NetnsLab, host: NetnsHost, { name, mac, address }: Station): Promise<NetnsHost> {
  const vnf = await lab.addHost(name);
  await lab.cable({ host, device: name }, { host: vnf, device: 'eth0', mac, addresses: [`${address}/24`] });
  return vnf;
}
