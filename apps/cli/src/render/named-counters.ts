import type { Hop, Plan, ServiceTree } from '@underware/client';
import { serviceAddresses } from '@underware/planner';
import { BACKEND_HEALTH, labelTelemetry } from '@underware/underservices';

/** One counter with the name that the descriptor's author, or the plugin, gave it. */
export interface NamedCounter {
  map: string;
  name: string;
  /** What is counted and what becomes of it, where the descriptor says. */
  about?: string;
  packets: number;
  bytes: number;
}

/** A backend of a load balancer that is checked. */
export interface NamedBackend {
  name: string;
  state: string;
  since?: string;
  why?: string;
}

export type NamedHop = Hop & { counters: NamedCounter[]; backends?: NamedBackend[] };
export type NamedTree = Omit<ServiceTree, 'chains'> & {
  chains: (Omit<ServiceTree['chains'][number], 'hops'> & { hops: NamedHop[] })[];
};

/** Adds to every hop its counters by name. A rule counts once per address pair, so the plan's addresses are needed. */
export function nameCounters(tree: ServiceTree, plan: Plan | undefined): NamedTree {
  const addresses = plan === undefined ? undefined : serviceAddresses(plan);
  const chains = tree.chains.map((chain) => ({
    ...chain,
    hops: chain.hops.map((hop) => nameHop(tree, hop, addresses)),
  }));
  return { ...tree, chains };
}

function nameHop(tree: ServiceTree, hop: Hop, addresses: Map<string, string[]> | undefined): NamedHop {
  const node = tree.graph?.underservices.find(({ name }) => name === hop.underservice);
  if (node === undefined) return { ...hop, counters: [] };
  const labelled = labelTelemetry(node.kind, node.model, hop.maps, addresses);
  const counters = Object.entries(labelled).flatMap(([map, rows]) =>
    rows.flatMap(({ label, about, value }) => {
      const counter = counterOf(value);
      return label === undefined || counter === undefined
        ? []
        : [{ map, name: label, ...(about === undefined ? {} : { about }), ...counter }];
    }),
  );
  const backends = labelled[BACKEND_HEALTH]?.flatMap(({ label = '', value }) =>
    isBackend(value) ? [{ name: label, ...value }] : [],
  );
  return { ...hop, counters, ...(backends === undefined ? {} : { backends }) };
}

function isBackend(value: unknown): value is Omit<NamedBackend, 'name'> {
  return typeof value === 'object' && value !== null && 'state' in value;
}

function counterOf(value: unknown): { packets: number; bytes: number } | undefined {
  if (typeof value !== 'object' || value === null || !('packets' in value) || !('bytes' in value))
    return undefined;
  const { packets, bytes } = value;
  return typeof packets === 'number' && typeof bytes === 'number' ? { packets, bytes } : undefined;
}
