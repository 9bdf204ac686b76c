import type { Chain, Hop, ServiceTree } from '@underware/client';

export type DrawnNode =
  | { id: string; kind: 'host'; label: string; parent?: undefined }
  | { id: string; kind: 'vnf'; label: string; runtime: string; state: string; parent?: string }
  | { id: string; kind: 'port'; label: string; addresses: string[]; chains: Chain[]; parent?: string }
  | { id: string; kind: 'link'; label: string; subnets: string; parent?: undefined };

export interface DrawnEdge {
  id: string;
  source: string;
  target: string;
}

export interface Topology {
  nodes: DrawnNode[];
  edges: DrawnEdge[];
}

/** A service as it is drawn: hosts around their VNFs and ports, links between them, chains in the ports. */
export function topologyOf(service: ServiceTree): Topology {
  const { graph, placements, workloads, chains } = service;
  if (graph === undefined) return { nodes: [], edges: [] };
  const placementOf = new Map(placements.map((placement) => [placement.vnf, placement]));
  const workloadOf = new Map(workloads.map((workload) => [workload.vnf, workload]));
  const hosts = new Map(placements.map(({ host, hostName }) => [host, hostName]));

  const nodes: DrawnNode[] = [...hosts].map(([id, name]) => ({
    id: `host/${id}`,
    kind: 'host',
    label: name,
  }));
  const edges: DrawnEdge[] = [];
  for (const vnf of graph.vnfs) {
    const workload = workloadOf.get(vnf.name);
    const health = workload === undefined || workload.health === 'none' ? undefined : workload.health;
    nodes.push({
      id: `vnf/${vnf.name}`,
      kind: 'vnf',
      label: vnf.name,
      runtime: placementOf.get(vnf.name)?.runtime ?? vnf.runtimes.join(' or '),
      state: health ?? workload?.state ?? 'absent',
      ...parentOf(placementOf.get(vnf.name)?.host),
    });
  }
  for (const port of graph.ports) {
    nodes.push({
      id: `port/${port.name}`,
      kind: 'port',
      label: port.name,
      addresses:
        graph.ports.filter(({ vnf }) => vnf === port.vnf).length === 1
          ? (workloadOf.get(port.vnf)?.addresses ?? port.addresses)
          : port.addresses,
      chains: chains.filter((chain) => chain.port === port.name),
      ...parentOf(placementOf.get(port.vnf)?.host),
    });
    edges.push({ id: `binding/${port.name}`, source: `vnf/${port.vnf}`, target: `port/${port.name}` });
    edges.push({ id: `attachment/${port.name}`, source: `port/${port.name}`, target: `link/${port.link}` });
  }
  for (const link of graph.links) {
    nodes.push({ id: `link/${link.name}`, kind: 'link', label: link.name, subnets: link.subnets.join(', ') });
  }
  return { nodes, edges };
}

/** Packets that an instance passed and did not pass, whatever the verdict was called. */
export function decided(hop: Hop): { passed: number; stopped: number } {
  let [passed, stopped] = [0, 0];
  for (const [verdict, { packets }] of Object.entries(hop.verdicts)) {
    if (verdict === 'drop' || verdict === 'aborted') stopped += packets;
    else passed += packets;
  }
  return { passed, stopped };
}

function parentOf(host: string | undefined): { parent?: string } {
  return host === undefined ? {} : { parent: `host/${host}` };
}
