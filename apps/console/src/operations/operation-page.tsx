import { Alert, Anchor, Button, Group, Stack, Stepper, Text, Title } from '@mantine/core';
import type { Operation } from '@underware/client';
import type { OperationAction, Phase } from '@underware/core';
import { useMutation, useQueryClient } from '@tanstack/react-query';
import { Link, useParams } from 'react-router';
import { Asked } from '../session/asked.js';
import { useApi, useClient } from '../session/client.js';
import { ErrorDetails } from './error-details.js';
import { OperationState } from './operation-badge.js';
import { StepTimeline } from './step-timeline.js';

const PHASES_OF: Record<Operation['lcmOperationType'], Phase[]> = {
  INSTANTIATE: ['planning', 'conditioning', 'starting', 'done'],
  UPDATE: ['conditioning', 'starting', 'done'],
  TERMINATE: ['stopping', 'unconditioning', 'done'],
};

/** One operation: its phases, its steps on every host as they happen, and what can be done when it failed. */
export function OperationPage() {
  const { id = '' } = useParams();
  const operation = useApi(['operations', id], (client) => client.operation(id));
  const instances = useApi(['instances'], (client) => client.instances());
  const steps = useApi(['steps', id], (client) => client.steps(id));
  return (
    <Asked query={operation}>
      {(found) => (
        <Stack>
          <Title order={2}>
            {found.lcmOperationType}{' '}
            <Anchor component={Link} to={`/services/${found.nsInstanceId}`}>
              {instances.data?.find((instance) => instance.id === found.nsInstanceId)?.nsInstanceName}
            </Anchor>
          </Title>
          <Group>
            <OperationState operation={found} />
          </Group>
          <Phases operation={found} />
          <Canary operation={found} />
          <Failure operation={found} />
          {found.waitsFor !== undefined && (
            <Text size="sm">
              waits for {found.waitsFor.hosts.join(', ')} since{' '}
              {new Date(found.waitsFor.since).toLocaleTimeString()}
            </Text>
          )}
          <Asked query={steps}>{(events) => <StepTimeline steps={events} />}</Asked>
        </Stack>
      )}
    </Asked>
  );
}

function Phases({ operation }: { operation: Operation }) {
  const tried: Phase[] = operation.canary === undefined ? [] : ['measuring', 'canary', 'watching'];
  const phases = [...tried, ...PHASES_OF[operation.lcmOperationType]];
  const finished = operation.operationState === 'COMPLETED';
  const at = phases.indexOf(operation.phase);
  return (
    <Stepper
      active={finished ? phases.length : Math.max(at, 0)}
      size="xs"
      aria-label="phases"
      {...(operation.operationState === 'FAILED_TEMP' ? { color: 'red' } : {})}
    >
      {phases.map((phase) => (
        <Stepper.Step key={phase} label={phase} />
      ))}
    </Stepper>
  );
}

/** The hosts that try it first, and what came of that. */
function Canary({ operation: { canary } }: { operation: Operation }) {
  if (canary === undefined || canary.hosts.length === 0) return null;
  return (
    <Stack gap={0}>
      <Text size="sm">
        canary: {canary.hosts.join(', ')}
        {canary.outcome !== undefined && `, ${canary.outcome}`}
      </Text>
      {canary.figures.map(({ host, instance, outcome, reason }) => (
        <Text key={`${host} ${instance}`} size="sm">
          {instance} on {host}: {outcome}: {reason}
        </Text>
      ))}
    </Stack>
  );
}

function Failure({ operation }: { operation: Operation }) {
  const client = useClient();
  const queries = useQueryClient();
  const act = useMutation({
    mutationFn: (action: OperationAction) => client.act(operation.id, action),
    onSettled: () => queries.invalidateQueries({ queryKey: ['operations'] }),
  });
  if (operation.error === undefined && operation.allowedActions.length === 0) return null;
  return (
    <Alert color="red" title={operation.operationState}>
      {operation.error?.report !== undefined ? (
        <ErrorDetails error={operation.error.report} />
      ) : (
        <Text size="sm">{operation.error?.detail}</Text>
      )}
      <Group mt="sm">
        {operation.allowedActions.map((action) => (
          <Button
            key={action}
            size="xs"
            variant="light"
            loading={act.isPending}
            onClick={() => act.mutate(action)}
          >
            {action}
          </Button>
        ))}
      </Group>
      {act.error !== null && <Text c="red">{act.error.message}</Text>}
    </Alert>
  );
}
