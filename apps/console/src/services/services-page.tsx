import { Anchor, Badge, Code, Paper, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Asked } from '../session/asked.js';
import { useApi } from '../session/client.js';
import { OperationBadge } from '../operations/operation-badge.js';

/** Every service instance with its state and its latest operation. */
export function ServicesPage() {
  const instances = useApi(['instances'], (client) => client.instances());
  const summaries = useApi(['service', 'summaries'], (client) => client.services());
  const operations = useApi(['operations'], (client) => client.operations());
  return (
    <Stack>
      <Title order={2}>Services</Title>
      <Asked query={instances}>
        {(services) =>
          services.length === 0 ? (
            <Paper withBorder p="xl">
              <Text>No service is deployed.</Text>
              <Text c="dimmed" mt="xs">
                Deploy one with <Code>./underware deploy examples/web-behind-firewall.yaml</Code>
              </Text>
            </Paper>
          ) : (
            <Table aria-label="services">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>name</Table.Th>
                  <Table.Th>state</Table.Th>
                  <Table.Th>latest operation</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {services.map((service) => {
                  const latest = operations.data
                    ?.filter(({ nsInstanceId }) => nsInstanceId === service.id)
                    .reduce<(typeof operations.data)[number] | undefined>(
                      (a, b) => (a === undefined || b.startTime > a.startTime ? b : a),
                      undefined,
                    );
                  return (
                    <Table.Tr key={service.id}>
                      <Table.Td>
                        <Anchor component={Link} to={`/services/${service.id}`}>
                          {service.nsInstanceName}
                        </Anchor>
                      </Table.Td>
                      <Table.Td>
                        <Badge color={service.nsState === 'INSTANTIATED' ? 'green' : 'gray'}>
                          {service.nsState}
                        </Badge>
                        {summaries.data
                          ?.find(({ id }) => id === service.id)
                          ?.troubles.map((trouble) => (
                            <Text key={trouble} size="xs" c="red">
                              {trouble}
                            </Text>
                          ))}
                      </Table.Td>
                      <Table.Td>{latest !== undefined && <OperationBadge operation={latest} />}</Table.Td>
                    </Table.Tr>
                  );
                })}
              </Table.Tbody>
            </Table>
          )
        }
      </Asked>
    </Stack>
  );
}
