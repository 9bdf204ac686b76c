import { UnderwareError } from '@underware/core';
import { unixFetch } from './unix-fetch.js';

export interface ConnectionOptions {
  /** `http://127.0.0.1:8640`, `unix:/run/…/api.sock`; empty for the page's own origin. */
  url: string;
  token: string;
  /** What to do when nobody answers, e.g. which command starts the orchestrator. */
  remedy?: string;
}

export interface Connection {
  /** Prefix of every path. */
  baseUrl: string;
  /** `fetch` with the token, over whatever the address names; throws HOST_UNREACHABLE when nobody answers. */
  fetch: typeof fetch;
}

/** How to reach the API. Nothing is sent yet. */
export function connectionTo(options: ConnectionOptions): Connection {
  const socket = /^unix:(?:\/\/)?(\/.+)$/.exec(options.url)?.[1];
  const transport = socket === undefined ? fetch : unixFetch(socket);
  return {
    baseUrl: socket === undefined ? options.url.replace(/\/+$/, '') : 'http://localhost',
    fetch: async (input, init) => {
      const request = new Request(input, init);
      request.headers.set('authorization', `Bearer ${options.token}`);
      try {
        return await transport(request);
      } catch (cause) {
        if (request.signal.aborted) throw cause;
        throw unreachable(options, cause);
      }
    },
  };
}

function unreachable(options: ConnectionOptions, cause: unknown): UnderwareError {
  const inner = cause instanceof Error && cause.cause instanceof Error ? cause.cause : cause;
  return new UnderwareError(
    {
      code: 'HOST_UNREACHABLE',
      attempted: 'reach the orchestrator',
      on: options.url,
      why: inner instanceof Error ? inner.message || inner.name : String(inner),
      remedy: options.remedy ?? 'Check that it runs and that the address is right',
    },
    { cause },
  );
}
