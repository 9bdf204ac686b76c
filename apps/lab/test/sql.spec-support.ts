import { Client } from 'pg';
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

/** Leaves nothing of the queues: neither tables nor the rights to them. */
export async function dropQueues(url: string): Promise<void> {
  await sql(url, 'drop schema bullmq cascade');
}
