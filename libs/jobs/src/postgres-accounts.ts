import { runMigrations } from 'bullmq';
import type { PostgresConnection } from 'bullmq';
import { ACCOUNT_PREFIX, scramVerifier } from './host-account.js';
import type { HostAccount } from './host-account.js';
import { hostQueue, REPORTS_QUEUE, requestQueue } from './names.js';

/** Schema of BullMQ's tables. */
export const SCHEMA = 'bullmq';

/** Another name where the rights below change: they are given again where no policy of this name is. */
const POLICY = 'underware_host_1';

/** An agent that restarts has twice the about ten connections that it needs. */
const CONNECTIONS = 30;

type Pool = PostgresConnection['pool'];

/** Holds the rights that all hosts have alike; roles are of the whole server, hence the database's name. */
const GROUP = `left(current_database(), 57) || '_hosts'`;

/** The sessions' own name says whose they are; it is the server that vouches for it. */
const HOST = `substr(current_user::text, ${ACCOUNT_PREFIX.length + 1})`;
const own = (column: string): string =>
  `${column} IN ('${hostQueue('')}' || ${HOST}, '${requestQueue('')}' || ${HOST})`;
const OWN_QUEUE = own('queue');
/** A host says things in its own name only, and sees of all reports only its own. */
const OWN_REPORT = `queue = '${REPORTS_QUEUE}' AND data->>'host' = ${HOST}`;

const QUEUE_TABLES = [
  'dedup',
  'dedup_next',
  'event',
  'job',
  'job_log',
  'meta',
  'metrics',
  'rate_limit',
  'scheduler',
];

function rightsOf({ group, database }: State): string[] {
  const tables = [...QUEUE_TABLES, 'job_dependency'];
  const policy = (name: string, table: string, command: string, rule: string): string =>
    `CREATE POLICY ${name} ON ${SCHEMA}.${table} FOR ${command} TO ${group} ${rule}`;
  return [
    `DO $$ BEGIN
       IF has_database_privilege(current_database(), 'CONNECT WITH GRANT OPTION') THEN
         GRANT CONNECT ON DATABASE ${database} TO ${group};
       END IF;
     END $$`,
    `GRANT USAGE ON SCHEMA ${SCHEMA} TO ${group}`,
    `GRANT EXECUTE ON ALL FUNCTIONS IN SCHEMA ${SCHEMA} TO ${group}`,
    `GRANT SELECT ON ${SCHEMA}.migration TO ${group}`,
    `GRANT USAGE ON SEQUENCE ${SCHEMA}.job_seq, ${SCHEMA}.event_seq TO ${group}`,
    ...tables.flatMap((table) => [
      `GRANT SELECT, INSERT, UPDATE, DELETE ON ${SCHEMA}.${table} TO ${group}`,
      // Their owner, the orchestrator, is not bound by it.
      `ALTER TABLE ${SCHEMA}.${table} ENABLE ROW LEVEL SECURITY`,
    ]),
    ...QUEUE_TABLES.map((table) => policy(POLICY, table, 'ALL', `USING (${OWN_QUEUE})`)),
    policy(POLICY, 'job_dependency', 'ALL', `USING (${own('parent_queue')} AND ${own('child_queue')})`),
    policy(`${POLICY}_say`, 'job', 'INSERT', `WITH CHECK (${OWN_REPORT})`),
    policy(`${POLICY}_said`, 'job', 'SELECT', `USING (${OWN_REPORT})`),
    // BullMQ tells of each job that was added.
    policy(`${POLICY}_say`, 'event', 'INSERT', `WITH CHECK (queue = '${REPORTS_QUEUE}')`),
    policy(`${POLICY}_said`, 'event', 'SELECT', `USING (queue = '${REPORTS_QUEUE}')`),
  ];
}

interface State {
  migrated: boolean;
  /** The rights of hosts are given. */
  granted: boolean;
  mayMakeRoles: boolean;
  /** Quoted. */
  group: string;
  database: string;
  groupExists: boolean;
}

/** Makes what the database lacks of tables and, where our role may make roles, of the rights of hosts. */
export async function preparePostgres(pool: Pool): Promise<void> {
  const { migrated, granted, mayMakeRoles } = await stateOf(pool);
  if (!migrated) await migratePostgres(pool);
  if (granted || !mayMakeRoles) return;
  await alone(pool, async (client) => {
    const state = await stateOf(client);
    if (!state.groupExists) await client.query(`CREATE ROLE ${state.group} NOLOGIN`);
    for (const statement of state.granted ? [] : rightsOf(state)) await client.query(statement);
  });
}

/** Makes the tables, or brings those of an older BullMQ up to date. */
export async function migratePostgres(pool: Pool): Promise<void> {
  const client = await pool.connect();
  try {
    await runMigrations(client, SCHEMA);
  } finally {
    client.release();
  }
}

async function stateOf(queryable: Pick<Pool, 'query'>): Promise<State> {
  const { rows } = await queryable.query<State>(
    `SELECT to_regclass('${SCHEMA}.migration') IS NOT NULL AS migrated,
            EXISTS (SELECT FROM pg_policies WHERE schemaname = '${SCHEMA}' AND policyname = $1) AS granted,
            (SELECT rolcreaterole OR rolsuper FROM pg_roles WHERE rolname = current_user) AS "mayMakeRoles",
            quote_ident(${GROUP}) AS "group", quote_ident(current_database()) AS database,
            EXISTS (SELECT FROM pg_roles WHERE rolname = ${GROUP}) AS "groupExists"`,
    [POLICY],
  );
  const [state] = rows;
  if (state) return state;
  throw new Error('the queue database did not answer');
}

/** Makes the role of a host, or gives it its password again. False where our role may not make roles. */
export async function admitToPostgres(pool: Pool, { name, password }: HostAccount): Promise<boolean> {
  await preparePostgres(pool);
  return alone(pool, async (client) => {
    const { mayMakeRoles, group } = await stateOf(client);
    if (!mayMakeRoles) return false;
    const { rows } = await client.query('SELECT FROM pg_roles WHERE rolname = $1', [name]);
    await client.query(
      `${rows.length === 0 ? 'CREATE' : 'ALTER'} ROLE "${name}" LOGIN PASSWORD '${scramVerifier(password)}' CONNECTION LIMIT ${CONNECTIONS}`,
    );
    await client.query(`GRANT ${group} TO "${name}"`);
    return true;
  });
}

/** Ends the sessions of a host and drops its role. */
export async function expelFromPostgres(pool: Pool, host: string): Promise<void> {
  const name = ACCOUNT_PREFIX + host;
  await alone(pool, async (client) => {
    if (!(await hostsOnPostgres(client)).has(host)) return;
    // Who is of a role may end its sessions and drop what it owns.
    await client.query(`GRANT "${name}" TO CURRENT_USER`);
    await client.query('SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE usename = $1', [
      name,
    ]);
    await client.query(`DROP OWNED BY "${name}"`);
    await client.query(`DROP ROLE "${name}"`);
  });
}

/** The hosts that have a role of their own in this database; other databases of the server may have others. */
export async function hostsOnPostgres(pool: Pick<Pool, 'query'>): Promise<Set<string>> {
  const { rows } = await pool.query<{ host: string }>(
    `SELECT substr(host.rolname, ${ACCOUNT_PREFIX.length + 1}) AS host
       FROM pg_auth_members JOIN pg_roles host ON host.oid = member JOIN pg_roles hosts ON hosts.oid = roleid
      WHERE starts_with(host.rolname, $1) AND hosts.rolname = ${GROUP}`,
    [ACCOUNT_PREFIX],
  );
  return new Set(rows.map(({ host }) => host));
}

/** In a transaction, and not at the same time as another process: API and worker may both come to it. */
async function alone<T>(pool: Pool, work: (client: Pick<Pool, 'query'>) => Promise<T>): Promise<T> {
  const client = await pool.connect();
  try {
    await client.query('BEGIN');
    await client.query(`SELECT pg_advisory_xact_lock(hashtext('underware hosts'))`);
    const result = await work(client);
    await client.query('COMMIT');
    return result;
  } catch (error) {
    await client.query('ROLLBACK').catch(() => undefined);
    throw error;
  } finally {
    client.release();
  }
}
