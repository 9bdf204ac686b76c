import type { Benchmark } from '../benchmark.js';
import { measureIn, withPair } from '../in-host.js';
import type { SwapFigures, SwapSamples } from './measure-swap.js';

const REPLACEMENTS = 100;
const LEAST_PACKETS_PER_SECOND = 1_000_000;

export const swap: Benchmark = {
  name: 'swap',
  measures: `replace an instance ${REPLACEMENTS} times under at least 1 Mpps and count the packets lost, against xdp-loader`,
  async *run(signal) {
    const { ours, xdpLoader } = await withPair(async (near, far) =>
      measureIn<SwapSamples>(
        near,
        'swap',
        {
          device: 'eth0',
          mac: (await near.device('eth0')).mac,
          sender: { name: far.name, namespace: far.namespace, bpffs: far.bpffs },
          replacements: REPLACEMENTS,
        },
        signal,
      ),
    );
    for (const [name, { packetsPerSecond }] of Object.entries({ ours, xdpLoader })) {
      if (packetsPerSecond < LEAST_PACKETS_PER_SECOND) {
        throw new Error(
          `the traffic for ${name} was ${Math.round(packetsPerSecond)} packets a second, less than a million`,
        );
      }
    }
    yield {
      bench: 'swap',
      case: 'lost-vs-xdp-loader',
      ours: lost(ours),
      peer: lost(xdpLoader),
      peerName: 'xdp-loader unload and load',
      // One packet stands for none, or the ratio would have no value.
      ratio: Math.max(lost(xdpLoader), 1) / Math.max(lost(ours), 1),
      unit: 'packets',
      lost: lost(ours),
      spread: 0,
    };
    yield {
      bench: 'swap',
      case: 'rate-under-replacement',
      ours: ours.packetsPerSecond / 1e6,
      peer: LEAST_PACKETS_PER_SECOND / 1e6,
      peerName: 'target',
      ratio: ours.packetsPerSecond / LEAST_PACKETS_PER_SECOND,
      unit: 'Mpps',
      lost: lost(ours),
      spread: 0,
    };
  },
};

function lost({ sent, seen }: SwapFigures): number {
  return sent - seen;
}
