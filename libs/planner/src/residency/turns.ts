import type { ResidencyCosts } from './residency-costs.js';
import { costsOf } from './residency-costs.js';
import type { Trace } from './trace.js';

/** A copy of a plugin: the first serves the first user at a time, the second the second, and so on. */
export interface Copy {
  name: string;
  plugin: string;
  memoryBytes: number;
  loadMilliseconds: number;
  costs: ResidencyCosts;
}

/** A copy gets a user, or loses it. */
export interface Turn {
  at: number;
  kind: 'release' | 'use';
  copy: Copy;
}

/** Users take the lowest copy that is free and give back the highest one in use: what is used at all is used often. */
export function turnsOf({ plugins, uses, price }: Trace): Turn[] {
  const copies = new Map<string, Copy[]>();
  const users = new Map<string, number>();
  const moments = uses
    .flatMap(({ plugin, from, to }) => [
      { at: from, kind: 'use' as const, plugin, length: to - from },
      { at: to, kind: 'release' as const, plugin, length: to - from },
    ])
    // At one moment who goes makes room for who comes; a use of no length begins before it ends.
    .sort((a, b) => a.at - b.at || rank(a) - rank(b));
  return moments.flatMap(({ at, kind, plugin }): Turn[] => {
    const footprint = plugins.get(plugin);
    if (footprint === undefined) return [];
    const before = users.get(plugin) ?? 0;
    users.set(plugin, before + (kind === 'use' ? 1 : -1));
    const known = copies.get(plugin) ?? [];
    copies.set(plugin, known);
    const index = kind === 'use' ? before : before - 1;
    const copy = (known[index] ??= {
      name: `${plugin} #${index + 1}`,
      plugin,
      ...footprint,
      costs: costsOf(footprint, price),
    });
    return [{ at, kind, copy }];
  });
}

function rank({ kind, length }: { kind: Turn['kind']; length: number }): number {
  if (length === 0) return kind === 'use' ? 1 : 2;
  return kind === 'release' ? 0 : 3;
}
