import { Table, Text } from '@mantine/core';
import type { OperationStep } from '@underware/client';
import type { StepStatus } from '@underware/core';
import { ErrorDetails } from './error-details.js';

const MARKS: Record<StepStatus, { mark: string; color: string }> = {
  started: { mark: '…', color: 'dimmed' },
  done: { mark: '✓', color: 'green' },
  failed: { mark: '✗', color: 'red' },
  undone: { mark: '↩', color: 'yellow' },
};

/** For events of the same millisecond. */
const ORDER: StepStatus[] = ['started', 'done', 'failed', 'undone'];

/** Steps in the order in which they began, each with its latest status; events may have come in another order. */
export function StepTimeline({ steps }: { steps: readonly OperationStep[] }) {
  const latest = new Map<string, OperationStep>();
  for (const step of [...steps].sort(inTime))
    latest.set(`${step.host} ${step.generation} ${step.name}`, step);
  if (latest.size === 0) return <Text c="dimmed">No host has begun yet.</Text>;
  return (
    <Table aria-label="steps" verticalSpacing={4}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>time (UTC)</Table.Th>
          <Table.Th>host</Table.Th>
          <Table.Th>step</Table.Th>
          <Table.Th>status</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {[...latest].map(([key, step]) => (
          <Table.Tr key={key}>
            <Table.Td ff="monospace" fz="xs">
              {step.at.slice(11, 23)}
            </Table.Td>
            <Table.Td>{step.hostName}</Table.Td>
            <Table.Td>
              <Text size="sm" title={[step.name, step.reason].filter(Boolean).join(': ')}>
                {step.title ?? step.name}
              </Text>
              {step.error !== undefined && <ErrorDetails error={step.error} />}
            </Table.Td>
            <Table.Td>
              <Text size="sm" c={MARKS[step.status].color}>
                {MARKS[step.status].mark} {step.status}
              </Text>
            </Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

function inTime(a: OperationStep, b: OperationStep): number {
  if (a.at !== b.at) return a.at < b.at ? -1 : 1;
  return ORDER.indexOf(a.status) - ORDER.indexOf(b.status);
}
