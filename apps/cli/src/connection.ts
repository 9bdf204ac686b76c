import { UnderwareClient } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { readFileSync } from 'node:fs';

/** Written by the embedded stack while it runs; tells its address and where its token is. */
const STATE_FILE = '/run/underware/lab/stack.json';
const DEFAULT_URL = 'http://127.0.0.1:8640';
const REMEDY = 'Is it up? Run ./underware up, or set UNDERWARE_URL to the address of a running one';

export interface ConnectionSettings {
  /** UNDERWARE_URL */
  url: string | undefined;
  /** UNDERWARE_TOKEN_FILE */
  tokenFile: string | undefined;
}

/** The address and token that were given, else those of the embedded stack on this machine. */
export function connect(settings: ConnectionSettings, stateFile = STATE_FILE): UnderwareClient {
  const state = readState(stateFile);
  const url = settings.url ?? state?.url ?? DEFAULT_URL;
  if (!isAddress(url)) throw noAddress(url);
  const tokenFile =
    settings.tokenFile ??
    (settings.url === undefined || settings.url === state?.url ? state?.tokenFile : undefined);
  return new UnderwareClient({ url, token: readToken(tokenFile, url), remedy: REMEDY });
}

function isAddress(url: string): boolean {
  return /^unix:(?:\/\/)?\/./.test(url) || (/^https?:\/\//.test(url) && URL.canParse(url));
}

function noAddress(url: string): UnderwareError {
  return new UnderwareError({
    code: 'INPUT_INVALID',
    attempted: 'reach the orchestrator',
    on: 'UNDERWARE_URL',
    why: url === '' ? 'it is empty' : `${url} is no address`,
    remedy: `Unset it, or set it to an address such as ${DEFAULT_URL} or unix:/run/underware/api.sock`,
  });
}

function readState(file: string): { url: string; tokenFile: string } | undefined {
  try {
    const state: unknown = JSON.parse(readFileSync(file, 'utf8'));
    if (typeof state !== 'object' || state === null || !('url' in state) || !('tokenFile' in state))
      return undefined;
    return { url: String(state.url), tokenFile: String(state.tokenFile) };
  } catch {
    return undefined;
  }
}

function readToken(file: string | undefined, url: string): string {
  if (file === undefined) {
    throw new UnderwareError({
      code: 'UNAUTHENTICATED',
      attempted: 'reach the orchestrator',
      on: url,
      why: 'no token is known: no embedded stack runs here and UNDERWARE_TOKEN_FILE is not set',
      remedy: `${REMEDY} and UNDERWARE_TOKEN_FILE to a file with its token`,
    });
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (cause) {
    throw new UnderwareError(
      {
        code: 'UNAUTHENTICATED',
        attempted: 'read the token',
        on: file,
        why: cause instanceof Error ? cause.message : String(cause),
        remedy: 'Run as the user who may read it, or set UNDERWARE_TOKEN_FILE to another file',
      },
      { cause },
    );
  }
}
