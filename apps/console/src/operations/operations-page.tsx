import { Stack, Table, Text, Title } from '@mantine/core';
import { Asked } from '../session/asked.js';
import { useApi } from '../session/client.js';
import { OperationBadge } from './operation-badge.js';

/** Operations, latest first. */
export function OperationsPage() {
  const operations = useApi(['operations'], (client) => client.operations());
  const instances = useApi(['instances'], (client) => client.instances());
  const names = new Map(instances.data?.map(({ id, nsInstanceName }) => [id, nsInstanceName]));
  return (
    <Stack>
      <Title order={2}>Operations</Title>
      <Asked query={operations}>
        {(all) =>
          all.length === 0 ? (
            <Text c="dimmed">Nothing was done yet.</Text>
          ) : (
            <Table aria-label="operations">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>operation</Table.Th>
                  <Table.Th>service</Table.Th>
                  <Table.Th>started</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {[...all]
                  .sort((a, b) => (a.startTime < b.startTime ? 1 : -1))
                  .map((operation) => (
                    <Table.Tr key={operation.id}>
                      <Table.Td>
                        <OperationBadge operation={operation} />
                      </Table.Td>
                      <Table.Td>{names.get(operation.nsInstanceId) ?? operation.nsInstanceId}</Table.Td>
                      <Table.Td>{new Date(operation.startTime).toLocaleString()}</Table.Td>
                    </Table.Tr>
                  ))}
              </Table.Tbody>
            </Table>
          )
        }
      </Asked>
    </Stack>
  );
}
