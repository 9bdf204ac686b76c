import { join } from 'node:path';
import { BpfMap } from '@underware/libbpf';
import { lend } from './bpf-call.js';
import { addEntries } from './copy-entries.js';
import { ifThere, stateMaps } from './instance-pins.js';

/**
 * Before an instance goes whose state went on in maps of another layout or size: what came into its own maps since they
 * were copied is added to those that stay. One that no packet met has nothing to hand over.
 */
export async function handOver(leaving: string, staying: readonly string[]): Promise<void> {
  const own = stateMaps(leaving);
  if (own.length === 0 || !(await hasMetPackets(leaving))) return;
  const others = staying.flatMap(stateMaps);
  for (const { owner, map, pin, info } of own) {
    const targets = new Map(
      others
        .filter((each) => each.owner === owner && each.map === map && each.info.id !== info.id)
        .map((each) => [each.info.id, each.pin]),
    );
    for (const target of targets.values())
      await lend(BpfMap.fromPin(pin), (from) => lend(BpfMap.fromPin(target), (to) => addEntries(from, to)));
  }
}

async function hasMetPackets(instance: string): Promise<boolean> {
  const verdicts = ifThere(() => BpfMap.fromPin(join(instance, 'maps', 'uw_verdicts')));
  // What counts no verdicts may have met some.
  if (!verdicts) return true;
  return lend(verdicts, async (map) => {
    for await (const [, value] of map.rawEntries()) if (value.some((byte) => byte !== 0)) return true;
    return false;
  });
}
