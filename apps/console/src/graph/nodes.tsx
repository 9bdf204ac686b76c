import { Badge, Group, Paper, Text } from '@mantine/core';
import { Handle, Position, type NodeProps, type NodeTypes } from '@xyflow/react';
import type { Chain } from '@underware/client';
import { decided, type DrawnNode } from './topology.js';

function drawn<K extends DrawnNode['kind']>(props: NodeProps, kind: K): Extract<DrawnNode, { kind: K }> {
  const node = props.data['drawn'] as DrawnNode;
  if (node.kind !== kind) throw new Error(`node ${node.id} is a ${node.kind}, drawn as a ${kind}`);
  return node as Extract<DrawnNode, { kind: K }>;
}

function Ends() {
  return (
    <>
      <Handle type="target" position={Position.Left} style={{ visibility: 'hidden' }} />
      <Handle type="source" position={Position.Right} style={{ visibility: 'hidden' }} />
    </>
  );
}

function HostNode(props: NodeProps) {
  const node = drawn(props, 'host');
  return (
    <Paper
      withBorder
      h="100%"
      p="xs"
      bg="var(--mantine-color-default-hover)"
      aria-label={`host ${node.label}`}
    >
      <Text size="sm" fw={600} c="dimmed">
        {node.label}
      </Text>
    </Paper>
  );
}

function VnfNode(props: NodeProps) {
  const node = drawn(props, 'vnf');
  const color =
    node.state === 'healthy' || node.state === 'running'
      ? 'green'
      : node.state === 'unhealthy' || node.state === 'exited'
        ? 'red'
        : 'gray';
  return (
    <Paper withBorder h="100%" p="xs" aria-label={`VNF ${node.label}`}>
      <Ends />
      <Text size="sm" fw={600}>
        {node.label}
      </Text>
      <Group gap={6} wrap="nowrap">
        <Text size="xs" c="dimmed">
          {node.runtime}
        </Text>
        <Badge size="xs" color={color}>
          {node.state}
        </Badge>
      </Group>
    </Paper>
  );
}

function PortNode(props: NodeProps) {
  const node = drawn(props, 'port');
  return (
    <Paper withBorder h="100%" p="xs" aria-label={`port ${node.label}`}>
      <Ends />
      <Text size="xs" fw={600}>
        {node.label}
      </Text>
      {node.addresses.map((address) => (
        <Text key={address} size="xs" ff="monospace" c="dimmed" lh="16px">
          {address}
        </Text>
      ))}
      {node.chains.map((chain) => (
        <ChainRows key={chain.hook} chain={chain} />
      ))}
    </Paper>
  );
}

function ChainRows({ chain }: { chain: Chain }) {
  return (
    <div role="list" aria-label={`${chain.direction} chain`}>
      <Text size="xs" c="dimmed" h={24}>
        {chain.direction} · {chain.hook}
      </Text>
      {chain.hops.map((hop) => {
        const { passed, stopped } = decided(hop);
        return (
          <Group
            key={hop.key}
            gap={6}
            h={24}
            wrap="nowrap"
            role="listitem"
            aria-label={`${hop.underservice} ${passed} passed ${stopped} dropped`}
          >
            <Badge
              size="sm"
              variant={hop.present ? 'filled' : 'outline'}
              tt="none"
              title={hop.present ? `${hop.plugin}, in the kernel` : `${hop.plugin}, not seen in the kernel`}
            >
              {hop.underservice}
            </Badge>
            <Text size="xs" ff="monospace" c="green">
              ✓ {passed}
            </Text>
            <Text size="xs" ff="monospace" c={stopped > 0 ? 'red' : 'dimmed'}>
              ✗ {stopped}
            </Text>
          </Group>
        );
      })}
    </div>
  );
}

function LinkNode(props: NodeProps) {
  const node = drawn(props, 'link');
  return (
    <Paper withBorder h="100%" p="xs" radius="xl" ta="center" aria-label={`link ${node.label}`}>
      <Ends />
      <Text size="sm" fw={600}>
        {node.label}
      </Text>
      <Text size="xs" ff="monospace" c="dimmed">
        {node.subnets}
      </Text>
    </Paper>
  );
}

export const nodeTypes: NodeTypes = { host: HostNode, vnf: VnfNode, port: PortNode, link: LinkNode };
