import { Badge, Table } from '@mantine/core';
import { Asked } from '../session/asked.js';
import { useApi } from '../session/client.js';

/** Every decision of the plan with its reason, rejected alternatives among them. */
export function PlanDecisions({ id }: { id: string }) {
  const plan = useApi(['plan', id], (client) => client.planOf(id));
  return (
    <Asked query={plan}>
      {({ decisions, hostNames }) => (
        <Table aria-label="decisions" verticalSpacing={4}>
          <Table.Tbody>
            {decisions.map((decision) => (
              <Table.Tr key={`${decision.subject} ${decision.choice} ${decision.outcome}`}>
                <Table.Td>{decision.subject}</Table.Td>
                <Table.Td>
                  <Badge color={decision.outcome === 'chosen' ? 'green' : 'gray'} tt="none">
                    {hostNames[decision.choice] ?? decision.choice}
                  </Badge>
                </Table.Td>
                <Table.Td fz="sm">{decision.reason}</Table.Td>
              </Table.Tr>
            ))}
          </Table.Tbody>
        </Table>
      )}
    </Asked>
  );
}
