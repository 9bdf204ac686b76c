import type { Hop, Plan, ServiceTree } from '@underware/client';
import { serviceAddresses } from '@underware/planner';
import { labelTelemetry } from '@underware/underservices';

/** One counter with the name that the descriptor's author, or the plugin, gave it. */
export interface NamedCounter {
  map: string;
  name: string;
  /** What is counted and what becomes of it, where the descriptor says. */
  about?: string;
  packets: number;
  bytes: number;
}

export type NamedHop = Hop & { counters: NamedCounter[] };
export type NamedTree = Omit<ServiceTree, 'chains'> & {
  chains: (Omit<ServiceTree['chains'][number], 'hops'> & { hops: NamedHop[] })[];
};

/** Adds to every hop its counters by name. A rule counts once per address pair, so the plan's addresses are needed. */
export function nameCounters(tree: ServiceTree, plan: Plan | undefined): NamedTree {
  const addresses = plan === undefined ? undefined : serviceAddresses(plan);
  const chains = tree.chains.map((chain) => ({
    ...chain,
    hops: chain.hops.map((hop) => ({ ...hop, counters: countersOf(tree, hop, addresses) })),
  }));
  return { ...tree, chains };
}

function countersOf(
  tree: ServiceTree,
  hop: Hop,
  addresses: Map<string, string[]> | undefined,
): NamedCounter[] {
  const node = tree.graph?.underservices.find(({ name }) => name === hop.underservice);
  if (node === undefined) return [];
  const labelled = labelTelemetry(node.kind, node.model, hop.maps, addresses);
  return Object.entries(labelled).flatMap(([map, rows]) =>
    rows.flatMap(({ label, about, value }) => {
      const counter = counterOf(value);
      return label === undefined || counter === undefined
        ? []
        : [{ map, name: label, ...(about === undefined ? {} : { about }), ...counter }];
    }),
  );
}

function counterOf(value: unknown): { packets: number; bytes: number } | undefined {
  if (typeof value !== 'object' || value === null || !('packets' in value) || !('bytes' in value))
    return undefined;
  const { packets, bytes } = value;
  return typeof packets === 'number' && typeof bytes === 'number' ? { packets, bytes } : undefined;
}
