import type { Decision } from '@underware/core';
import { impossible } from '../impossible.js';
import { compareText, hashOf } from '../stable-names.js';

/** Below it are numbers that sites often map VLANs to. */
const FIRST_VNI = 4096;
const LAST_VNI = 2 ** 24 - 1;

export interface VniPool {
  first: number;
  last: number;
}

/**
 * Gives every link a network identifier that no other link of any service has: the same link gets the same one for as long
 * as nobody took it. What a descriptor says goes first; then links go in the order of names.
 */
export function assignVnis(
  service: string,
  links: readonly { name: string; vni?: number }[],
  taken: Iterable<number> = [],
  { first, last }: VniPool = { first: FIRST_VNI, last: LAST_VNI },
): { vnis: Record<string, number>; decisions: Decision[] } {
  const used = new Set(taken);
  const size = last - first + 1;
  const vnis: Record<string, number> = {};
  const decisions: Decision[] = [];
  const sorted = links.toSorted((a, b) => compareText(a.name, b.name));
  const give = (name: string, vni: number, reason: string): void => {
    used.add(vni);
    vnis[name] = vni;
    const subject = `network identifier of link ${name}`;
    decisions.push({ subject, outcome: 'chosen', choice: String(vni), reason });
  };
  for (const { name, vni } of sorted) {
    if (vni === undefined) continue;
    if (used.has(vni)) {
      throw impossible(
        `link ${name}`,
        `its network identifier ${vni} is taken by another link`,
        'Write another, or none and let the planner choose.',
      );
    }
    give(name, vni, 'as written');
  }
  for (const { name, vni: written } of sorted) {
    if (written !== undefined) continue;
    const start = parseInt(hashOf(12, 'vni', service, name), 16) % size;
    let tries = 0;
    while (tries < size && used.has(first + ((start + tries) % size))) tries += 1;
    if (tries === size) {
      throw impossible(
        `link ${name}`,
        `every network identifier from ${first} to ${last} is taken`,
        'Terminate a service that has one.',
      );
    }
    const vni = first + ((start + tries) % size);
    give(
      name,
      vni,
      tries === 0 ? 'by the name of service and link' : 'the next free one after its own, which is taken',
    );
  }
  return { vnis, decisions };
}
