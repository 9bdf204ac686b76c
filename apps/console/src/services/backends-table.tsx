import { Table, Text } from '@mantine/core';
import type { ServiceTree } from '@underware/client';
import { BACKEND_HEALTH, labelTelemetry } from '@underware/underservices';

interface Health {
  state: string;
  since?: string;
  why?: string;
}

/** What the hosts of clients think of the backends that they check; nothing where none is checked. */
export function BackendsTable({ service }: { service: ServiceTree }) {
  const rows = backendsOf(service);
  if (rows.length === 0) return null;
  return (
    <Table aria-label="backends" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>host</Table.Th>
          <Table.Th>balancer</Table.Th>
          <Table.Th>backend</Table.Th>
          <Table.Th>state</Table.Th>
          <Table.Th>why</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {rows.map(({ host, balancer, name, state, since, why }) => (
          <Table.Tr key={`${host} ${balancer} ${name}`}>
            <Table.Td>{host}</Table.Td>
            <Table.Td>{balancer}</Table.Td>
            <Table.Td>{name}</Table.Td>
            <Table.Td title={since === undefined ? undefined : `since ${since}`}>
              <Text span size="sm" c={state === 'down' ? 'red' : 'inherit'}>
                {state === 'unknown' ? 'not checked yet' : state}
              </Text>
            </Table.Td>
            <Table.Td>{why}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

/** The instances of a balancer on one host think the same. */
function backendsOf(service: ServiceTree) {
  const rows = new Map<string, Health & { host: string; balancer: string; name: string }>();
  for (const { hostName: host, hops } of service.chains) {
    for (const { underservice: balancer, maps } of hops) {
      const node = service.graph?.underservices.find(({ name }) => name === balancer);
      const told = maps[BACKEND_HEALTH];
      if (node === undefined || told === undefined) continue;
      const labelled = labelTelemetry(node.kind, node.model, { [BACKEND_HEALTH]: told });
      for (const { label: name = '', value } of labelled[BACKEND_HEALTH] ?? [])
        if (isHealth(value)) rows.set(`${host} ${balancer} ${name}`, { host, balancer, name, ...value });
    }
  }
  return [...rows.values()];
}

function isHealth(value: unknown): value is Health {
  return typeof value === 'object' && value !== null && 'state' in value;
}
