import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { LinkRecord } from './link.js';

const MEGABIT = 1_000_000;

/** What a device carries each way, where its driver says so; a device that is down or has no speed of its own does not. */
export async function speedOf(
  { ifname, ifindex, address }: Pick<LinkRecord, 'ifname' | 'ifindex' | 'address'>,
  root = '/sys/class/net',
): Promise<number | undefined> {
  const read = async (what: string): Promise<string | undefined> =>
    (await readFile(join(root, ifname, what), 'utf8').catch(() => undefined))?.trim();
  const [index, mac, speed] = await Promise.all([read('ifindex'), read('address'), read('speed')]);
  // The files may be of another network namespace, which has another device of the same name.
  if (index !== String(ifindex) || mac !== address) return undefined;
  const megabits = Number(speed);
  return Number.isInteger(megabits) && megabits > 0 ? megabits * MEGABIT : undefined;
}
