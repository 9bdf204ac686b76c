import { UnderwareError } from '@underware/core';
import { createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { z } from 'zod';

/**
 * The queue server sees every message, and hosts may share its credential, so a message is for its two ends alone: both hold a
 * key that is derived from the host's token, and everything but the host's name is encrypted and authenticated with it
 * (AES-256-GCM). Who steals one host's credentials can read and speak for that host alone. What it can lose or repeat of the
 * others, where their accounts do not keep it from that, the sweep and the generations make harmless.
 */
export type MessageKey = Uint8Array;

/** Bound to the message with the host's name, so that it cannot be passed off as one of another kind. */
export type SealPurpose = 'job' | 'request' | 'answer' | 'report';

export interface SealedMessage {
  host: string;
  /** 12 random bytes, base64: one key seals 2^32 messages before a repetition is worth a thought. */
  nonce: string;
  /** Encrypted JSON and its tag of 16 bytes, base64. */
  body: string;
}

/** Bodies are opened only below this size; the largest honest one is a desired state with large rule tables. */
export const MAX_BODY_BYTES = 32 * 1024 * 1024;

const ALGORITHM = 'aes-256-gcm';
const NONCE_BYTES = 12;
const TAG_BYTES = 16;

const sealedSchema = z.object({
  host: z.string().min(1).max(128),
  nonce: z.string().length(16),
  body: z.string().max(Math.ceil(((MAX_BODY_BYTES + TAG_BYTES) * 4) / 3) + 4),
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
  const nonce = randomBytes(NONCE_BYTES);
  const cipher = createCipheriv(ALGORITHM, key, nonce, { authTagLength: TAG_BYTES });
  cipher.setAAD(boundTo(purpose, host));
  const body = Buffer.concat([
    cipher.update(JSON.stringify(message), 'utf8'),
    cipher.final(),
    cipher.getAuthTag(),
  ]);
  return { host, nonce: nonce.toString('base64'), body: body.toString('base64') };
}

/** Reads which host a sealed message claims to be of, to find that host's key. Nothing of it is proven yet. */
export function claimedHost(sealed: unknown): string {
  return parseSealed(sealed).host;
}

/** Opens what `sealMessage` made; anything else is FORBIDDEN. */
export function openMessage(key: MessageKey, purpose: SealPurpose, sealed: unknown): unknown {
  const { host, nonce, body } = parseSealed(sealed);
  const message: unknown = JSON.parse(decrypt(key, boundTo(purpose, host), nonce, body, host));
  return message;
}

function decrypt(key: MessageKey, bound: Buffer, nonce: string, body: string, host: string): string {
  const bytes = Buffer.from(body, 'base64');
  const end = bytes.length - TAG_BYTES;
  try {
    const decipher = createDecipheriv(ALGORITHM, key, Buffer.from(nonce, 'base64'), {
      authTagLength: TAG_BYTES,
    });
    decipher.setAAD(bound);
    decipher.setAuthTag(bytes.subarray(Math.max(end, 0)));
    const text = decipher.update(bytes.subarray(0, Math.max(end, 0)));
    return Buffer.concat([text, decipher.final()]).toString('utf8');
  } catch (cause) {
    throw refused(host, "its seal was not made with this host's token", cause);
  }
}

function parseSealed(sealed: unknown): SealedMessage {
  const parsed = sealedSchema.safeParse(sealed);
  if (parsed.success) return parsed.data;
  throw refused('an unnamed host', 'it is not a sealed message', parsed.error);
}

function boundTo(purpose: SealPurpose, host: string): Buffer {
  return Buffer.from(`${purpose}\n${host}`);
}

function refused(host: string, why: string, cause: unknown): UnderwareError {
  return new UnderwareError(
    {
      code: 'FORBIDDEN',
      attempted: 'open a message',
      on: host,
      why,
      remedy: 'Enrol the host again if its token was lost or stolen',
    },
    { cause },
  );
}
