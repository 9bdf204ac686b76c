import type { NetnsHost } from '@underware/testkit';
import type { BenchResult } from '../../result.js';
import { comparePacketRates } from '../packet-rate.js';
import type { PacketRate } from '../packet-rate.js';
import { switchByOpenVswitch } from './open-vswitch.js';
import { SwitchScene } from './scene.js';
import { switchByBridge, switchByUnderware } from './switches.js';
import type { Switch } from './switches.js';

const ROUNDS = 3;
/** About a second of ours, some of the peers. */
const FRAMES = 2_000_000;
const LOADS = [
  { name: '64B', bytes: 64, flows: 1 },
  { name: '512B', bytes: 512, flows: 1 },
  { name: '1500B', bytes: 1500, flows: 1 },
  { name: '64B-10000-flows', bytes: 64, flows: 10_000 },
  { name: '64B-1000000-flows', bytes: 64, flows: 1_000_000 },
] as const;

const SIDES = {
  ours: switchByUnderware,
  bridge: switchByBridge,
  ovs: switchByOpenVswitch,
} as const satisfies Record<string, (host: NetnsHost) => Promise<Switch>>;
type Side = keyof typeof SIDES;
const PEERS = { bridge: 'Linux bridge', ovs: 'Open vSwitch' } as const;

/** Switching between two ports of a host, ours and the peers in turn. */
export async function* measureSwitch(signal: AbortSignal): AsyncGenerator<BenchResult> {
  const scene = await SwitchScene.open();
  try {
    const rates = new Map<string, Record<Side, PacketRate[]>>(
      LOADS.map(({ name }) => [name, { ours: [], bridge: [], ovs: [] }]),
    );
    for (let round = 0; round < ROUNDS; round++) {
      for (const side of ['ours', 'bridge', 'ovs'] as const) {
        const { remove } = await SIDES[side](scene.host);
        try {
          for (const { name, ...load } of LOADS) {
            signal.throwIfAborted();
            // The first run fills tables and caches.
            await scene.measure({ ...load, frames: FRAMES / 20 });
            rates.get(name)?.[side].push(await scene.measure({ ...load, frames: FRAMES }));
          }
        } finally {
          await remove();
        }
      }
    }
    for (const peer of ['bridge', 'ovs'] as const)
      for (const [name, of] of rates)
        yield comparePacketRates(
          { case: `switch-vs-${peer}-${name}`, peerName: PEERS[peer] },
          of.ours,
          of[peer],
        );
  } finally {
    await scene.close();
  }
}
