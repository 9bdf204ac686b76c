import { UnderwareError } from '@underware/core';
import type { ServerResponse } from 'node:http';
import type { ApiRequest } from './api-request.js';

const DEEPEST = 100;
/** What JSON can name and objects cannot keep as any other field. */
const LOST_NAMES = new Set(['__proto__', 'constructor', 'prototype']);

/** Refuses what the database, or the reading of bodies, cannot take: once for all calls, before anything looks at it. */
export function refuseBadText(
  request: ApiRequest & { body?: unknown },
  _response: ServerResponse,
  next: (error?: unknown) => void,
): void {
  const fault = /%00/i.test(request.url ?? '') ? 'the address has the character U+0000' : undefined;
  const why = fault ?? badText(request.body);
  if (why === undefined) return next();
  next(
    new UnderwareError({
      code: 'INPUT_INVALID',
      attempted: 'read the request',
      on: 'the API',
      why,
      remedy: 'Correct the request',
    }),
  );
}

/** Why a value of JSON cannot be kept. Bytes are no text. */
export function badText(value: unknown): string | undefined {
  // A list of what is to be looked at, not a function that calls itself: what is nested deeply would end it.
  const waiting: { value: unknown; path: string; depth: number }[] = [{ value, path: 'the body', depth: 0 }];
  for (let each = waiting.pop(); each !== undefined; each = waiting.pop()) {
    const { value: here, path, depth } = each;
    if (typeof here === 'string') {
      const fault = faultOf(here);
      if (fault !== undefined) return `${path} ${fault}`;
    }
    if (typeof here !== 'object' || here === null || ArrayBuffer.isView(here)) continue;
    if (depth >= DEEPEST) return `it is nested deeper than ${DEEPEST}`;
    for (const [name, inner] of Object.entries(here)) {
      const fault = LOST_NAMES.has(name) ? 'cannot be kept' : faultOf(name);
      if (fault !== undefined) return `in ${path} the name ${JSON.stringify(name)} ${fault}`;
      waiting.push({ value: inner, path: path === 'the body' ? name : `${path}.${name}`, depth: depth + 1 });
    }
  }
  return undefined;
}

function faultOf(text: string): string | undefined {
  if (text.includes('\u0000')) return 'has the character U+0000';
  // With the flag u, halves of a pair stand by themselves only where the other half is missing.
  return /\p{Surrogate}/u.test(text) ? 'has half of a surrogate pair' : undefined;
}
