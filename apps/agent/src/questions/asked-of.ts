import type { DesiredInstance, DesiredSlice } from '@underware/core';
import { UnderwareError } from '@underware/core';
import type { InstanceMaps } from '@underware/kernel';
import type { Host } from '../host.js';

/** What a question may look at. */
export interface AskedOf {
  host: Host;
  maps: InstanceMaps;
  /** What the host is to be, newest first, and what it is kept at until it is that. */
  slices(): Promise<DesiredSlice[]>;
}

/** A plugin instance that the host is to have; NOT_FOUND for another. */
export async function instanceOf(
  { slices }: AskedOf,
  key: string,
  attempted: string,
): Promise<DesiredInstance> {
  const found = (await slices()).flatMap(({ slice }) => slice.instances).find((each) => each.key === key);
  if (found) return found;
  throw new UnderwareError({
    code: 'NOT_FOUND',
    attempted,
    on: key,
    why: 'this host is to have no such plugin instance',
    remedy: 'Show the service: an update may have replaced it',
  });
}
