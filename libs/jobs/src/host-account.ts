import { UnderwareError } from '@underware/core';
import { createHash, createHmac, hkdfSync, pbkdf2Sync, randomBytes } from 'node:crypto';
import type { MessageKey } from './seal.js';

/**
 * A host's own account at the queue server. Its password is derived from the key of the host's messages, so that nothing more
 * is stored, and an account that a wiped server lost can be made again. The server gets only what proves the password.
 */
export interface HostAccount {
  host: string;
  name: string;
  password: string;
}

/** Begins the account's name; the host's id follows. */
export const ACCOUNT_PREFIX = 'underware_host_';

const SCRAM_ITERATIONS = 4_096;

export function accountOf(host: string, key: MessageKey): HostAccount {
  // Ids go into names and patterns of the servers' own languages.
  if (!/^[a-z0-9-]{1,40}$/.test(host)) {
    throw new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: 'make an account at the queue server',
      on: host,
      why: 'the id is not made of at most 40 lower-case letters, digits and dashes',
      remedy: 'Enrol the host again: it gets an id of this form',
    });
  }
  const derived = hkdfSync('sha256', key, '', 'underware queue password v1', 32);
  return { host, name: ACCOUNT_PREFIX + host, password: Buffer.from(derived).toString('base64url') };
}

/** The queue's address with an account in place of whose it held. */
export function addressFor(url: string, { name, password }: HostAccount): string {
  const [address = '', query = ''] = url.split('?', 2);
  const settings = new URLSearchParams(query);
  for (const each of ['user', 'username', 'password']) settings.delete(each);
  if (address.startsWith('redis+unix:')) {
    settings.set('username', name);
    settings.set('password', password);
    return `${address}?${settings.toString()}`;
  }
  const bare = address.replace(/^([a-z]+:\/\/)(?:[^/]*@)?/, `$1${name}:${password}@`);
  return settings.size === 0 ? bare : `${bare}?${settings.toString()}`;
}

/** What Postgres keeps of a password (RFC 5803): it never sees the password itself, and neither does its log. */
export function scramVerifier(password: string, salt: Buffer = randomBytes(16)): string {
  const salted = pbkdf2Sync(password, salt, SCRAM_ITERATIONS, 32, 'sha256');
  const hmac = (words: string): Buffer => createHmac('sha256', salted).update(words).digest();
  const stored = createHash('sha256').update(hmac('Client Key')).digest('base64');
  const server = hmac('Server Key').toString('base64');
  return `SCRAM-SHA-256$${SCRAM_ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}

/** What Redis keeps of a password. */
export function redisVerifier(password: string): string {
  return createHash('sha256').update(password).digest('hex');
}
