import type { Reserved } from '@underware/core';
import type { Reservation } from '@underware/store';

/** By host id: what services set aside there. One that moves to another plan has the more of both until it has moved. */
export function reservedOnHosts(reservations: readonly Reservation[]): Map<string, Reserved> {
  const ofService = new Map<string, Map<string, number>>();
  for (const { service, host, reserved } of reservations) {
    const key = JSON.stringify([host, service]);
    const most = ofService.get(key) ?? new Map<string, number>();
    for (const [what, amount] of amountsOf(reserved)) most.set(what, Math.max(most.get(what) ?? 0, amount));
    ofService.set(key, most);
  }
  const sums = new Map<string, Map<string, number>>();
  for (const [key, amounts] of ofService) {
    const [host = ''] = JSON.parse(key) as string[];
    const sum = sums.get(host) ?? new Map<string, number>();
    for (const [what, amount] of amounts) sum.set(what, (sum.get(what) ?? 0) + amount);
    sums.set(host, sum);
  }
  return new Map([...sums].map(([host, amounts]) => [host, reservedOf(amounts)]));
}

/** `bits`, `pages 2097152`, `device gpu`. */
function amountsOf({ hugepages = [], devices = {}, bitsPerSecond = 0 }: Reserved): [string, number][] {
  return [
    ['bits', bitsPerSecond],
    ...hugepages.map(({ pageBytes, count }): [string, number] => [`pages ${pageBytes}`, count]),
    ...Object.entries(devices).map(([name, count]): [string, number] => [`device ${name}`, count]),
  ];
}

function reservedOf(amounts: ReadonlyMap<string, number>): Reserved {
  const of = (kind: string): [string, number][] =>
    [...amounts].flatMap(([what, amount]): [string, number][] =>
      what.startsWith(kind) ? [[what.slice(kind.length), amount]] : [],
    );
  return {
    hugepages: of('pages ').map(([size, count]) => ({ pageBytes: Number(size), count })),
    devices: Object.fromEntries(of('device ')),
    bitsPerSecond: amounts.get('bits') ?? 0,
  };
}
