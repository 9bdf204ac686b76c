import {
  Anchor,
  Badge,
  Button,
  Center,
  Group,
  Loader,
  Modal,
  Stack,
  Table,
  Tabs,
  Text,
  Title,
} from '@mantine/core';
import { useDisclosure } from '@mantine/hooks';
import type { ServiceTree } from '@underware/client';
import { useMutation } from '@tanstack/react-query';
import { lazy, Suspense, useMemo } from 'react';
import { Link, useNavigate, useParams } from 'react-router';
import { topologyOf } from '../graph/topology.js';
import { Asked } from '../session/asked.js';
import { useApi, useClient } from '../session/client.js';
import { CountersTable } from './counters-table.js';
import { PlanDecisions } from './plan-decisions.js';

/** The layout engine is larger than the rest of the console: it is fetched when a graph is first drawn. */
const ServiceGraphView = lazy(() => import('../graph/service-graph.js'));

/** One service: its graph with live chains, its counters by rule name, and why it was planned so. */
export function ServicePage() {
  const { id = '' } = useParams();
  const service = useApi(['service', id], (client) => client.service(id));
  return (
    <Asked query={service}>
      {(found) => (
        <Stack>
          <Group justify="space-between">
            <Group>
              <Title order={2}>{found.name}</Title>
              <Badge color={found.nsState === 'INSTANTIATED' ? 'green' : 'gray'}>{found.nsState}</Badge>
              {found.operation !== undefined && (
                <Anchor component={Link} to={`/operations/${found.operation}`}>
                  operation in progress
                </Anchor>
              )}
            </Group>
            {found.nsState === 'INSTANTIATED' && found.operation === undefined && (
              <Terminate service={found} />
            )}
          </Group>
          <Text c="dimmed">{found.description}</Text>
          <Graph service={found} />
          <Tabs defaultValue="counters" keepMounted={false}>
            <Tabs.List>
              <Tabs.Tab value="counters">Counters</Tabs.Tab>
              <Tabs.Tab value="vnfs">VNFs</Tabs.Tab>
              <Tabs.Tab value="plan">Why so</Tabs.Tab>
            </Tabs.List>
            <Tabs.Panel value="counters" pt="sm">
              <CountersTable service={found} />
            </Tabs.Panel>
            <Tabs.Panel value="vnfs" pt="sm">
              <Vnfs service={found} />
            </Tabs.Panel>
            <Tabs.Panel value="plan" pt="sm">
              <PlanDecisions id={found.id} />
            </Tabs.Panel>
          </Tabs>
        </Stack>
      )}
    </Asked>
  );
}

function Graph({ service }: { service: ServiceTree }) {
  const topology = useMemo(() => topologyOf(service), [service]);
  if (topology.nodes.length === 0) return <Text c="dimmed">This service has not been instantiated yet.</Text>;
  return (
    // As high as the graph, so that nothing moves when it is there.
    <Suspense
      fallback={
        <Center className="service-graph">
          <Loader aria-label="loading" />
        </Center>
      }
    >
      <ServiceGraphView topology={topology} />
    </Suspense>
  );
}

function Vnfs({ service }: { service: ServiceTree }) {
  return (
    <Table aria-label="VNFs">
      <Table.Thead>
        <Table.Tr>
          {['VNF', 'host', 'runtime', 'state', 'health', 'addresses'].map((title) => (
            <Table.Th key={title}>{title}</Table.Th>
          ))}
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {service.workloads.map((workload) => (
          <Table.Tr key={workload.vnf}>
            <Table.Td>{workload.vnf}</Table.Td>
            <Table.Td>{workload.hostName}</Table.Td>
            <Table.Td>{workload.runtime}</Table.Td>
            <Table.Td>
              {workload.state}
              {workload.exitCode !== undefined && ` (${workload.exitCode})`}
              {workload.restarts !== undefined && `, restarted ${workload.restarts} times`}
              {workload.nextTryAt !== undefined &&
                `, next try at ${new Date(workload.nextTryAt).toLocaleTimeString()}`}
            </Table.Td>
            <Table.Td>{workload.health}</Table.Td>
            <Table.Td ff="monospace">{workload.addresses.join(' ')}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** Asks first: terminating stops the service's VNFs and takes its chains out of the kernels. */
function Terminate({ service }: { service: ServiceTree }) {
  const client = useClient();
  const navigate = useNavigate();
  const [asking, { open, close }] = useDisclosure(false);
  const terminate = useMutation({
    mutationFn: () => client.terminate(service.id),
    onSuccess: (operation) => navigate(`/operations/${operation}`),
  });
  return (
    <>
      <Button color="red" variant="light" size="xs" onClick={open}>
        Terminate
      </Button>
      <Modal opened={asking} onClose={close} title={`Terminate ${service.name}?`}>
        <Stack>
          <Text size="sm">
            Its VNFs are stopped, then its chains, ports and routes are taken off the hosts.
          </Text>
          {terminate.error !== null && <Text c="red">{terminate.error.message}</Text>}
          <Group justify="flex-end">
            <Button variant="default" onClick={close}>
              Keep it
            </Button>
            <Button color="red" loading={terminate.isPending} onClick={() => terminate.mutate()}>
              Terminate
            </Button>
          </Group>
        </Stack>
      </Modal>
    </>
  );
}
