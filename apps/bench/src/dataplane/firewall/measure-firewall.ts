import type { BenchResult } from '../../result.js';
import { comparePacketRates } from '../packet-rate.js';
import type { PacketRate } from '../packet-rate.js';
import { filterByNftables, filterByUnderware } from './filters.js';
import { Scene } from '../scene.js';

const RULES = [10, 1000, 10_000];
const ROUNDS = 3;
/** About a second of ours, some of the peer. */
const FRAMES = 2_000_000;
/** `open`: one flow that was answered. `unanswered`: ten thousand that were not, so that rules judge every packet. */
const KINDS = [
  { name: '', flows: 1 },
  { name: '-unanswered-10000-flows', flows: 10_000 },
] as const;

/** Stateful filtering between two devices of a host, ours and nftables in turn. */
export async function* measureFirewall(signal: AbortSignal): AsyncGenerator<BenchResult> {
  const scene = await Scene.open();
  try {
    for (const rules of RULES) {
      const rates = new Map(
        KINDS.map(({ name }) => [name, { ours: [] as PacketRate[], peer: [] as PacketRate[] }]),
      );
      for (let round = 0; round < ROUNDS; round++) {
        for (const side of ['ours', 'peer'] as const) {
          signal.throwIfAborted();
          const apply = side === 'ours' ? filterByUnderware : filterByNftables;
          const filter = await apply(scene.pair, rules);
          try {
            for (const { name, flows } of KINDS) {
              if (flows === 1) await scene.establish();
              // The first run fills tables and caches.
              await scene.measure(flows, FRAMES / 20);
              rates.get(name)?.[side].push(await scene.measure(flows, FRAMES));
            }
          } finally {
            await filter.remove();
          }
        }
      }
      for (const { name } of KINDS) {
        const { ours = [], peer = [] } = rates.get(name) ?? {};
        yield comparePacketRates(
          { case: `firewall-${rules}-rules${name}-vs-nftables-64B`, peerName: 'nftables' },
          ours,
          peer,
        );
      }
    }
  } finally {
    await scene.close();
  }
}
