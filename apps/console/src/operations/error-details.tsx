import { Code, Stack, Text } from '@mantine/core';
import type { ErrorReport } from '@underware/core';

/** What failed, why, and what to do; the evidence below. */
export function ErrorDetails({ error }: { error: ErrorReport }) {
  return (
    <Stack gap={4} role="alert">
      <Text size="sm" c="red">
        Cannot {error.attempted} on {error.on}: {error.why}.
      </Text>
      <Text size="sm">{error.remedy}</Text>
      {error.detail !== undefined && <Code block>{error.detail}</Code>}
    </Stack>
  );
}
