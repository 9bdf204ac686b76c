import type { Redis } from 'ioredis';
import { ACCOUNT_PREFIX, redisVerifier } from './host-account.js';
import type { HostAccount } from './host-account.js';
import { hostQueue, REPORTS_QUEUE, requestQueue } from './names.js';

/** Begins every key of BullMQ. */
const KEYS = 'bull';

/**
 * BullMQ needs data commands, its scripts and the names of connections. Nobody needs to look through all keys, or at what others
 * do, or to unload the scripts of others.
 */
const COMMANDS = [
  '-@all',
  '+@read',
  '+@write',
  '+@connection',
  '+@transaction',
  '+@scripting',
  '-@dangerous',
  '+info',
  '-scan',
  '-randomkey',
  '-dbsize',
  '-function',
  '-script|flush',
];

/** Makes the user of a host, or sets it again. False where the server has no users or ours may not make them. */
export async function admitToRedis(redis: Redis, { host, name, password }: HostAccount): Promise<boolean> {
  const keys = [hostQueue(host), requestQueue(host), REPORTS_QUEUE].map((queue) => `~${KEYS}:${queue}:*`);
  return redis.acl('SETUSER', name, 'reset', 'on', `#${redisVerifier(password)}`, ...keys, ...COMMANDS).then(
    () => true,
    (error: unknown) => {
      if (error instanceof Error && /NOPERM|unknown command/i.test(error.message)) return false;
      throw error;
    },
  );
}

/** Ends the connections of a host and removes its user. */
export async function expelFromRedis(redis: Redis, host: string): Promise<void> {
  if ((await hostsOnRedis(redis)).has(host)) await redis.acl('DELUSER', ACCOUNT_PREFIX + host);
}

/** The hosts that have a user of their own. */
export async function hostsOnRedis(redis: Redis): Promise<Set<string>> {
  const users = await redis.acl('USERS').catch((): string[] => []);
  const names = users.filter((name) => name.startsWith(ACCOUNT_PREFIX));
  return new Set(names.map((name) => name.slice(ACCOUNT_PREFIX.length)));
}
