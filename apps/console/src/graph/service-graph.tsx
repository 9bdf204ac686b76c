import '@xyflow/react/dist/style.css';
import { useComputedColorScheme } from '@mantine/core';
import { Background, Controls, ReactFlow, type Edge, type Node } from '@xyflow/react';
import { useEffect, useMemo, useState } from 'react';
import { layOut } from './layout.js';
import { nodeTypes } from './nodes.js';
import type { Topology } from './topology.js';

/** Draws a service: laid out when its shape changes, redrawn in place when only counters do. */
export default function ServiceGraphView({ topology }: { topology: Topology }) {
  const [laidOut, setLaidOut] = useState<{ nodes: Node[]; edges: Edge[] }>({ nodes: [], edges: [] });
  const colorMode = useComputedColorScheme('light');
  const shape = topology.nodes
    .map(
      (node) =>
        `${node.id}:${node.kind === 'port' ? node.chains.flatMap((chain) => chain.hops.map((hop) => hop.key)).join() : ''}`,
    )
    .join(' ');

  useEffect(() => {
    let current = true;
    async function place() {
      const result = await layOut(topology);
      if (current) setLaidOut(result);
    }
    void place();
    return () => {
      current = false;
    };
    // Only the shape decides where things stand.
  }, [shape]);

  const nodes = useMemo(() => {
    const latest = new Map(topology.nodes.map((node) => [node.id, node]));
    return laidOut.nodes.map((node) => ({
      ...node,
      data: { drawn: latest.get(node.id) ?? node.data['drawn'] },
    }));
  }, [laidOut, topology]);

  return (
    <section className="service-graph" aria-label="service graph">
      {nodes.length > 0 && (
        <ReactFlow
          nodes={nodes}
          edges={laidOut.edges}
          nodeTypes={nodeTypes}
          colorMode={colorMode}
          fitView
          minZoom={0.2}
          nodesFocusable={false}
          proOptions={{ hideAttribution: true }}
        >
          <Background />
          <Controls showInteractive={false} />
        </ReactFlow>
      )}
    </section>
  );
}
