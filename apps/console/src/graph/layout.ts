import type { Edge, Node } from '@xyflow/react';
import ELK, { type ElkNode } from 'elkjs/lib/elk.bundled.js';
import type { DrawnNode, Topology } from './topology.js';

const elk = new ELK();
const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'RIGHT',
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.spacing.nodeNode': '28',
  'elk.layered.spacing.nodeNodeBetweenLayers': '56',
};
/** Room for the host's name above what it holds. */
const HOST_PADDING = '[top=44,left=18,bottom=18,right=18]';

/** Positions for a topology, hosts as groups. Sizes depend on the number of hops only, so counters never move a node. */
export async function layOut(topology: Topology): Promise<{ nodes: Node[]; edges: Edge[] }> {
  const children = new Map<string, ElkNode[]>();
  const tops: ElkNode[] = [];
  for (const node of topology.nodes) {
    if (node.kind === 'host') continue;
    const placed = { id: node.id, ...sizeOf(node) };
    if (node.parent === undefined) tops.push(placed);
    else children.set(node.parent, [...(children.get(node.parent) ?? []), placed]);
  }
  for (const node of topology.nodes) {
    if (node.kind === 'host')
      tops.push({
        id: node.id,
        children: children.get(node.id) ?? [],
        layoutOptions: { 'elk.padding': HOST_PADDING },
      });
  }
  const laidOut = await elk.layout({
    id: 'service',
    layoutOptions: OPTIONS,
    children: tops,
    edges: topology.edges.map(({ id, source, target }) => ({ id, sources: [source], targets: [target] })),
  });
  const boxes = new Map<string, ElkNode>();
  for (const top of laidOut.children ?? [])
    for (const box of [top, ...(top.children ?? [])]) boxes.set(box.id, box);
  const ordered = [...topology.nodes].sort((a, b) => Number(b.kind === 'host') - Number(a.kind === 'host'));
  return {
    nodes: ordered.map((node) => {
      const box = boxes.get(node.id);
      return {
        id: node.id,
        type: node.kind,
        data: { drawn: node },
        position: { x: box?.x ?? 0, y: box?.y ?? 0 },
        width: box?.width ?? 0,
        height: box?.height ?? 0,
        draggable: false,
        connectable: false,
        ...(node.parent === undefined ? {} : { parentId: node.parent }),
      };
    }),
    edges: topology.edges,
  };
}

function sizeOf(node: Exclude<DrawnNode, { kind: 'host' }>): { width: number; height: number } {
  if (node.kind === 'vnf') return { width: 150, height: 76 };
  if (node.kind === 'link') return { width: 190, height: 60 };
  const lines = node.chains.reduce((sum, chain) => sum + 1 + chain.hops.length, 0);
  return { width: 270, height: 44 + node.addresses.length * 16 + lines * 24 };
}
