import { UnderwareClient } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { useQuery, type UseQueryResult } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useSession } from './session.js';

/** The public API with the session's token, on the origin that served the console. */
export function useClient(): UnderwareClient {
  const { token } = useSession();
  return useMemo(() => new UnderwareClient({ url: window.location.origin, token }), [token]);
}

/** One request, asked again by `live/live-updates` when something of its kind changed; a refused token ends the session. */
export function useApi<T>(
  key: readonly string[],
  ask: (client: UnderwareClient) => Promise<T>,
): UseQueryResult<T> {
  const client = useClient();
  const session = useSession();
  return useQuery({
    queryKey: key,
    queryFn: async () => {
      try {
        return await ask(client);
      } catch (error) {
        if (error instanceof UnderwareError && error.code === 'UNAUTHENTICATED')
          session.signOut('The token is no longer accepted.');
        throw error;
      }
    },
  });
}
