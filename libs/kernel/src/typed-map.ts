import { BpfMap, type Btf } from '@underware/libbpf';
import { ifThere, infoOf } from './instance-pins.js';

/** Types by the kernel's id, which no other object gets: parsed once for all that is read of an instance. */
const types = new Map<number, Btf>();
const MOST_TYPES = 256;

/** The map with its types; undefined where it is not there. One that went on from another revision has those of the object that made it. */
export function openTyped(pin: string): BpfMap | undefined {
  const btfId = infoOf(() => BpfMap.fromPin(pin))?.btfId ?? 0;
  const btf = types.get(btfId);
  const map = ifThere(() => BpfMap.fromPin(pin, btf ? { btf } : {}));
  if (map?.btf && !btf) {
    if (types.size === MOST_TYPES) types.clear();
    types.set(btfId, map.btf);
  }
  return map;
}
