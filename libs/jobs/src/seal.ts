import { UnderwareError } from '@underware/core';
import { createHmac, hkdfSync, timingSafeEqual } from 'node:crypto';
import { z } from 'zod';

/**
 * All agents share the queue server's credential, so a message proves by itself who sent it: both ends hold a key that is
 * derived from the host's token. Who steals one host's credentials can speak and listen for that host alone; for the others
 * it can lose or repeat messages, which the sweep and the generations make harmless, but not forge any.
 */
export type MessageKey = Uint8Array;

/** One key per direction and purpose, so that a message cannot be passed off as one of another kind. */
export type SealPurpose = 'job' | 'request' | 'answer' | 'report';

export interface SealedMessage {
  host: string;
  /** JSON text; exactly these bytes are authenticated. */
  body: string;
  /** HMAC-SHA256 over purpose, host and body, base64. */
  mac: string;
}

/** Bodies are parsed only below this size; the largest honest one is a desired state with large rule tables. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

const sealedSchema = z.object({
  host: z.string().min(1).max(128),
  body: z.string().max(MAX_BODY_BYTES),
  mac: z.string().max(64),
});

/** The key of a host's messages, from its token. The orchestrator keeps this and a hash, never the token. */
export function messageKey(token: string): MessageKey {
  return new Uint8Array(hkdfSync('sha256', token, '', 'underware message key v1', 32));
}

/** Seals with a host's token-derived key. */
export function sealMessage(
  key: MessageKey,
  purpose: SealPurpose,
  host: string,
  message: unknown,
): SealedMessage {
  const body = JSON.stringify(message);
  return { host, body, mac: mac(key, purpose, host, body).toString('base64') };
}

/** Reads which host a sealed message claims to be of, to find that host's key. Nothing of it is proven yet. */
export function claimedHost(sealed: unknown): string {
  const parsed = sealedSchema.safeParse(sealed);
  if (!parsed.success) throw refused('an unnamed host', 'it is not a sealed message');
  return parsed.data.host;
}

/** Opens what `sealMessage` made; anything else is FORBIDDEN. */
export function openMessage(key: MessageKey, purpose: SealPurpose, sealed: unknown): unknown {
  const parsed = sealedSchema.safeParse(sealed);
  if (!parsed.success) throw refused('an unnamed host', 'it is not a sealed message');
  const { host, body } = parsed.data;
  const given = Buffer.from(parsed.data.mac, 'base64');
  const expected = mac(key, purpose, host, body);
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw refused(host, "its seal was not made with this host's token");
  }
  const message: unknown = JSON.parse(body);
  return message;
}

function mac(key: MessageKey, purpose: SealPurpose, host: string, body: string): Buffer {
  return createHmac('sha256', key).update(`${purpose}\n${host}\n`).update(body).digest();
}

function refused(host: string, why: string): UnderwareError {
  return new UnderwareError({
    code: 'FORBIDDEN',
    attempted: 'open a message',
    on: host,
    why,
    remedy: 'Enrol the host again if its token was lost or stolen',
  });
}
