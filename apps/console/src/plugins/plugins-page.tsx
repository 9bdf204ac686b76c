import { Stack, Table, Text, Title } from '@mantine/core';
import { Asked } from '../session/asked.js';
import { useApi } from '../session/client.js';

/** Signed packages that were onboarded, with what their ELF needs of a kernel. */
export function PluginsPage() {
  const plugins = useApi(['plugins'], (client) => client.plugins());
  return (
    <Stack>
      <Title order={2}>Plugins</Title>
      <Asked query={plugins}>
        {(all) =>
          all.length === 0 ? (
            <Text c="dimmed">No plugin is onboarded.</Text>
          ) : (
            <Table aria-label="plugins">
              <Table.Thead>
                <Table.Tr>
                  <Table.Th>plugin</Table.Th>
                  <Table.Th>implements</Table.Th>
                  <Table.Th>programs</Table.Th>
                  <Table.Th>map types</Table.Th>
                  <Table.Th>digest</Table.Th>
                  <Table.Th>signed by</Table.Th>
                </Table.Tr>
              </Table.Thead>
              <Table.Tbody>
                {all.map((plugin) => (
                  <Table.Tr key={plugin.digest}>
                    <Table.Td title={plugin.manifest.summary}>
                      {plugin.manifest.name}@{plugin.manifest.version}
                    </Table.Td>
                    <Table.Td>{plugin.manifest.implements}</Table.Td>
                    <Table.Td>
                      {plugin.manifest.programs.map(({ name, hook }) => `${name} (${hook})`).join(', ')}
                    </Table.Td>
                    <Table.Td>{plugin.requirements.mapTypes.join(', ')}</Table.Td>
                    <Table.Td ff="monospace" title={plugin.digest}>
                      {plugin.digest.slice(7, 19)}
                    </Table.Td>
                    <Table.Td ff="monospace" title={plugin.keyId}>
                      {plugin.keyId.slice(7, 19)}
                    </Table.Td>
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
