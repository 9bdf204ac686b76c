/** Numeric ids to run a child process under. */
export interface Account {
  uid: number;
  gid: number;
}

/**
 * Postgres refuses to run as root. Its server then runs under numeric ids that no account of the system has: no user is
 * created, so none has to be removed, and no other daemon shares its files.
 */
const SERVER: Account = { uid: 65_085, gid: 65_085 };

/** initdb insists on a named account; what it made is handed over to the server's ids. */
const INITDB: Account = { uid: 65_534, gid: 65_534 };

export interface Accounts {
  server: Account;
  initdb: Account;
}

/** Undefined when this process is not root: then the server runs as its own user. */
export function serverAccounts(): Accounts | undefined {
  return process.getuid?.() === 0 ? { server: SERVER, initdb: INITDB } : undefined;
}
