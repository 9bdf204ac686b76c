import { Badge, Group, Stack, Table, Text } from '@mantine/core';
import type { KernelProfile } from '@underware/core';

/** What a host's kernel was probed to support, the missing parts with the kernel's own reason. */
export function KernelProfileView({ profile }: { profile: KernelProfile }) {
  const features: [string, boolean][] = [
    ['XDP', profile.attach.xdp],
    ['TCX', profile.attach.tcx],
    ['trampolines', profile.attach.trampoline],
    ['BTF', profile.btf],
    ['JIT', profile.jit],
  ];
  return (
    <Stack gap="xs" aria-label="kernel profile">
      <Text size="sm" ff="monospace">
        Linux {profile.release} {profile.architecture}
      </Text>
      <Group gap="xs">
        {features.map(([name, there]) => (
          <Badge key={name} color={there ? 'green' : 'gray'} variant={there ? 'light' : 'outline'}>
            {name} {there ? 'yes' : 'no'}
          </Badge>
        ))}
      </Group>
      {profile.notes.map((note) => (
        <Text key={note} size="xs" c="dimmed">
          {note}
        </Text>
      ))}
      <Table withRowBorders={false} verticalSpacing={4}>
        <Table.Tbody>
          <NamesRow title="program types" names={profile.programTypes} />
          <NamesRow title="map types" names={profile.mapTypes} />
          {Object.entries(profile.helpers)
            .sort()
            .map(([type, helpers]) => (
              <Table.Tr key={type}>
                <Table.Th fz="xs" style={{ whiteSpace: 'nowrap' }}>
                  helpers for {type}
                </Table.Th>
                <Table.Td fz="xs" title={helpers.join(' ')}>
                  {helpers.length}
                </Table.Td>
              </Table.Tr>
            ))}
        </Table.Tbody>
      </Table>
    </Stack>
  );
}

function NamesRow({ title, names }: { title: string; names: string[] }) {
  return (
    <Table.Tr>
      <Table.Th fz="xs" style={{ whiteSpace: 'nowrap', verticalAlign: 'top' }}>
        {title} ({names.length})
      </Table.Th>
      <Table.Td fz="xs" ff="monospace">
        {[...names].sort().join(' ')}
      </Table.Td>
    </Table.Tr>
  );
}
