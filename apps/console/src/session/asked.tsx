import { Alert, Loader } from '@mantine/core';
import { UnderwareError } from '@underware/core';
import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { ErrorDetails } from '../operations/error-details.js';

/** Shows what was asked for: while it loads, when it failed (the last good answer stays), and when it is there. */
export function Asked<T>({ query, children }: { query: UseQueryResult<T>; children(data: T): ReactNode }) {
  return (
    <>
      {query.error !== null && (
        <Alert color="red" mb="md">
          {query.error instanceof UnderwareError ? (
            <ErrorDetails error={query.error.report} />
          ) : (
            query.error.message
          )}
        </Alert>
      )}
      {query.data !== undefined ? children(query.data) : query.isPending && <Loader aria-label="loading" />}
    </>
  );
}
