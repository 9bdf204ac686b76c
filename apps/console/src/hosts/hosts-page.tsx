import { Anchor, Badge, Stack, Table, Text, Title } from '@mantine/core';
import { Link } from 'react-router';
import { Asked } from '../session/asked.js';
import { useApi } from '../session/client.js';

/** Hosts with their readiness and the short form of their kernel profile. */
export function HostsPage() {
  const hosts = useApi(['hosts'], (client) => client.hosts());
  return (
    <Stack>
      <Title order={2}>Hosts</Title>
      <Asked query={hosts}>
        {(all) =>
          all.length === 0 ? (
            <Text c="dimmed">No host is enrolled.</Text>
          ) : (
            <Table aria-label="hosts">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>name</Table.Th>
                  <Table.Th>state</Table.Th>
                  <Table.Th>kernel</Table.Th>
                  <Table.Th>uplinks</Table.Th>
                  <Table.Th>runtimes</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((host) => (
                  <Table.Tr key={host.id}>
                    <Table.Td>
                      <Anchor component={Link} to={`/hosts/${host.id}`}>
                        {host.name}
                      </Anchor>
                    </Table.Td>
                    <Table.Td>
                      <Badge color={host.ready ? 'green' : 'red'}>{host.ready ? 'ready' : 'not ready'}</Badge>
                      {!host.ready && <Text size="xs">{host.reason}</Text>}
                    </Table.Td>
                    <Table.Td ff="monospace">{host.facts?.profile.release}</Table.Td>
                    <Table.Td ff="monospace">
                      {host.facts?.uplinks
                        .map(({ device, addresses }) => `${device} ${addresses.join(' ')}`)
                        .join('; ')}
                    </Table.Td>
                    <Table.Td>{host.facts?.runtimes.map(({ runtime }) => runtime).join(', ')}</Table.Td>
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
