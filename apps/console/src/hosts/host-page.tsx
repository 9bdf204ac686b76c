import { Badge, Group, Stack, Text, Title } from '@mantine/core';
import { useParams } from 'react-router';
import { Asked } from '../session/asked.js';
import { useApi } from '../session/client.js';
import { KernelProfileView } from './kernel-profile.js';

export function HostPage() {
  const { id = '' } = useParams();
  const host = useApi(['hosts', id], (client) => client.host(id));
  return (
    <Asked query={host}>
      {(found) => (
        <Stack>
          <Group>
            <Title order={2}>{found.name}</Title>
            <Badge color={found.ready ? 'green' : 'red'}>{found.ready ? 'ready' : 'not ready'}</Badge>
          </Group>
          {!found.ready && <Text>{found.reason}</Text>}
          {found.facts === undefined ? (
            <Text c="dimmed">Its agent has not registered yet.</Text>
          ) : (
            <>
              <Text size="sm">
                {found.facts.cpus} CPUs, {Math.round(found.facts.memoryBytes / 2 ** 20)} MiB, agent{' '}
                {found.facts.agentVersion}
              </Text>
              {found.facts.runtimes.map(({ runtime, description }) => (
                <Text key={runtime} size="sm">
                  {runtime}: {description}
                </Text>
              ))}
              <Title order={3}>Kernel profile</Title>
              <KernelProfileView profile={found.facts.profile} />
            </>
          )}
        </Stack>
      )}
    </Asked>
  );
}
