import { waitFor } from '@underware/testkit';
import { Client, DatabaseError } from 'pg';
import type { QueryResultRow } from 'pg';

/** Runs one statement as the owner of a database, behind everybody's back. */
export async function sql<Row extends QueryResultRow>(
  url: string,
  text: string,
  values: unknown[] = [],
): Promise<Row[]> {
  const { searchParams, pathname, username, password } = new URL(url.replace('@/', '@socket/'));
  const client = new Client({
    host: searchParams.get('host') ?? '',
    database: pathname.slice(1),
    user: username,
    password,
  });
  await client.connect();
  try {
    return (await client.query<Row>(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Leaves nothing of the queues: neither tables nor the rights to them. Workers go on meanwhile: a deadlock is tried again. */
export async function dropQueues(url: string): Promise<void> {
  await waitFor('the queues to be dropped', async () => {
    try {
      await sql(url, 'drop schema if exists bullmq cascade');
      return true;
    } catch (error) {
      if (error instanceof DatabaseError && error.code === '40P01') return false;
      throw error;
    }
  });
}
