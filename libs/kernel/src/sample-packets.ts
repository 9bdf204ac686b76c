import { lend } from './bpf-call.js';
import { absentError } from './kernel-error.js';
import { mapPins } from './state-pins.js';
import { openTyped } from './typed-map.js';

/** What of the packets is copied. */
export interface SampleWish {
  /** One of so many packets, by chance. */
  every: number;
  /** Bytes of each. */
  snap: number;
  seconds: number;
}

/** Where a plugin that takes samples reads what is wanted; bpf/probe/probe.h has its fields. */
const CAPTURE = 'capture';

export async function samplePackets(path: string, key: string, wish: SampleWish | null): Promise<void> {
  const pin = mapPins(path).find(({ name }) => name === CAPTURE)?.pin;
  const map = pin === undefined ? undefined : openTyped(pin);
  if (!map) throw absentError('sample packets', key, 'its map of what to sample');
  const until_ns = process.hrtime.bigint() + BigInt(Math.round((wish?.seconds ?? 0) * 1e9));
  await lend(map, () => map.set(0, { until_ns, every: wish?.every ?? 0, snap: wish?.snap ?? 0 }));
}
