import { Alert, Button, Center, Code, Paper, PasswordInput, Stack, Text, Title } from '@mantine/core';
import { useState } from 'react';

/** Asks for a token and tries it before it is kept. */
export function SignIn({ reason, onToken }: { reason: string | undefined; onToken(token: string): void }) {
  const [token, setToken] = useState('');
  const [failure, setFailure] = useState(reason);
  const [trying, setTrying] = useState(false);

  async function signIn() {
    setTrying(true);
    try {
      const response = await fetch('/underware/v1/hosts', {
        headers: { authorization: `Bearer ${token.trim()}` },
      });
      if (response.ok) onToken(token.trim());
      else
        setFailure(
          response.status === 401 || response.status === 403
            ? 'This token is not accepted.'
            : `The orchestrator answered ${response.status}.`,
        );
    } catch {
      setFailure('The orchestrator does not answer.');
    } finally {
      setTrying(false);
    }
  }

  return (
    <Center mih="100vh" p="md">
      <Paper withBorder p="xl" w={420}>
        <form
          onSubmit={(event) => {
            event.preventDefault();
            void signIn();
          }}
        >
          <Stack>
            <Title order={2}>Underware</Title>
            {failure !== undefined && <Alert color="red">{failure}</Alert>}
            <PasswordInput
              label="Token"
              value={token}
              onChange={(event) => setToken(event.currentTarget.value)}
              required
              autoFocus
            />
            <Button type="submit" loading={trying}>
              Sign in
            </Button>
            <Text size="sm" c="dimmed">
              The embedded stack keeps its admin token in a file; <Code>./underware status</Code> names it.
            </Text>
          </Stack>
        </form>
      </Paper>
    </Center>
  );
}
