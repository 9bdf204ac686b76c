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

/** Empties every table of the queues but the one that says which tables there are. */
export async function truncateQueues(url: string): Promise<void> {
  const tables = await sql<{ name: string }>(
    url,
    `select format('%I.%I', schemaname, tablename) as name from pg_tables where schemaname = 'bullmq' and tablename <> 'migration'`,
  );
  await sql(url, `truncate ${tables.map(({ name }) => name).join(', ')}`);
}
