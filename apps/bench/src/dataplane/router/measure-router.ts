import type { BenchResult } from '../../result.js';
import { comparePacketRates } from '../packet-rate.js';
import type { PacketRate } from '../packet-rate.js';
import { Scene } from '../scene.js';
import { forwardByKernel, forwardByUnderware, routesBehind } from './forwarders.js';

const ROUNDS = 3;
/** About a second of ours, some of the peer. */
const FRAMES = 2_000_000;
const CASES = [
  { name: 'router', flows: 1, routes: 0 },
  { name: 'router-10000-flows', flows: 10_000, routes: 0 },
  { name: 'router-10000-routes', flows: 10_000, routes: 10_000 },
] as const;

/** Routing between two devices of a host, ours and the kernel's own in turn. */
export async function* measureRouter(signal: AbortSignal): AsyncGenerator<BenchResult> {
  const scene = await Scene.open();
  try {
    for (const { name, flows, routes } of CASES) {
      const { prefixes, address } = routesBehind(routes);
      const rates = { ours: [] as PacketRate[], peer: [] as PacketRate[] };
      for (let round = 0; round < ROUNDS; round++) {
        for (const side of ['ours', 'peer'] as const) {
          signal.throwIfAborted();
          const apply = side === 'ours' ? forwardByUnderware : forwardByKernel;
          const forwarder = await apply(scene.pair, prefixes);
          try {
            // The first run fills caches.
            await scene.measure(flows, FRAMES / 20, address);
            rates[side].push(await scene.measure(flows, FRAMES, address));
          } finally {
            await forwarder.remove();
          }
        }
      }
      yield comparePacketRates(
        { case: `${name}-vs-kernel-forwarding-64B`, peerName: 'kernel forwarding' },
        rates.ours,
        rates.peer,
      );
    }
  } finally {
    await scene.close();
  }
}
