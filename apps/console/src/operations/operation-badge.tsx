import { Anchor, Badge, Group, Text } from '@mantine/core';
import type { Operation } from '@underware/client';
import type { OperationState as State } from '@underware/core';
import { Link } from 'react-router';

const COLORS: Record<State, string> = {
  PROCESSING: 'blue',
  COMPLETED: 'green',
  FAILED_TEMP: 'red',
  FAILED: 'red',
  ROLLING_BACK: 'yellow',
  ROLLED_BACK: 'gray',
};

/** An operation in one line, as a link to its page. */
export function OperationBadge({ operation }: { operation: Operation }) {
  return (
    <Anchor component={Link} to={`/operations/${operation.id}`}>
      <Group gap="xs">
        <Text size="sm">{operation.lcmOperationType}</Text>
        <OperationState operation={operation} />
      </Group>
    </Anchor>
  );
}

/** Its state, and while it runs its phase. */
export function OperationState({ operation }: { operation: Operation }) {
  const running = operation.operationState === 'PROCESSING' || operation.operationState === 'ROLLING_BACK';
  return (
    <>
      <Badge color={COLORS[operation.operationState]}>{operation.operationState}</Badge>
      {running && <Text size="sm">{operation.phase}</Text>}
    </>
  );
}
