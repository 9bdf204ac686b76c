import { waitFor } from '@underware/testkit';
import type { TrafficReceiver, TrafficSent } from '@underware/testkit';
import type { BenchResult } from '../result.js';
import { moreIsBetter } from '../result.js';

/** One run: what was sent, what the far end counted, and how much of that in a second of sending. */
export interface PacketRate {
  sent: number;
  received: number;
  packetsPerSecond: number;
}

/** Sends, and counts at the far end until nothing is under way any more. */
export async function measurePacketRate(
  receiver: TrafficReceiver,
  send: () => Promise<TrafficSent>,
): Promise<PacketRate> {
  const before = await receiver.received();
  const { seconds, frames: sent } = await send();
  // What is under way arrives within a moment; a count that stands still is complete.
  let count = await receiver.received();
  await waitFor('the last packets', async () => {
    const last = count;
    count = await receiver.received();
    return count.packets === last.packets;
  });
  const received = count.packets - before.packets;
  return { sent, received, packetsPerSecond: received / seconds };
}

/** Two sides that were measured in turn; what is lost is ours. */
export function comparePacketRates(
  about: Pick<BenchResult, 'case' | 'peerName'>,
  ours: readonly PacketRate[],
  peer: readonly PacketRate[],
): BenchResult {
  return moreIsBetter(
    {
      bench: 'dataplane',
      ...about,
      unit: 'packets/s',
      lost: ours.reduce((sum, { sent, received }) => sum + sent - received, 0),
    },
    ours.map(({ packetsPerSecond }) => packetsPerSecond),
    peer.map(({ packetsPerSecond }) => packetsPerSecond),
  );
}
