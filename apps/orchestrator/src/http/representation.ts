import { NotAcceptableException } from '@nestjs/common';
import { createHash } from 'node:crypto';
import type { ServerResponse } from 'node:http';
import type { ApiRequest } from './api-request.js';
import { problemOf, writeProblem } from './problem.js';

/** What the HTTP framework adds to a request. */
export interface NegotiatedRequest extends ApiRequest {
  /** That of the types which the caller likes best, the first where it has no wish; false where it takes none. */
  accepts(types: readonly string[]): string | false;
  /** -1: beyond the end; -2 or undefined: there is none that can be read. */
  range(size: number): ({ start: number; end: number }[] & { type: string }) | -1 | -2 | undefined;
}

/** The type to answer with; refused (406) where the caller takes none of them. */
export function chooseType<T extends string>(request: NegotiatedRequest, types: readonly T[]): T {
  const accepted = request.accepts(types);
  const chosen = types.find((type) => type === accepted);
  if (chosen !== undefined) return chosen;
  throw new NotAcceptableException(`this can be had as ${types.join(', ')}, and Accept names none of them`);
}

/** Answers with bytes, or with the one range of them that was asked for. */
export function answerWith(
  request: NegotiatedRequest,
  response: ServerResponse,
  type: string,
  bytes: Uint8Array,
): void {
  const size = bytes.length;
  const tag = `"${createHash('sha256').update(bytes).digest('hex')}"`;
  const headers = {
    'Content-Type': /^text\/|yaml$/.test(type) ? `${type}; charset=utf-8` : type,
    'Accept-Ranges': 'bytes',
    ETag: tag,
    Vary: 'Accept',
  };
  const before = request.headers['if-range'];
  const asked = before === undefined || before === tag ? request.range(size) : undefined;
  if (asked === -1) {
    const report = {
      code: 'INPUT_INVALID',
      attempted: 'read a range',
      on: request.originalUrl ?? '',
      why: `it has ${size} bytes, and the range begins after them`,
      remedy: 'Ask for a range within',
    } as const;
    writeProblem(response, problemOf(report, 416), { 'Content-Range': `bytes */${size}` });
    return;
  }
  // Of several ranges at once the whole is as good an answer.
  const [range] = Array.isArray(asked) && asked.length === 1 && asked.type === 'bytes' ? asked : [];
  if (range === undefined) {
    response.writeHead(200, { ...headers, 'Content-Length': size });
    response.end(bytes);
    return;
  }
  const { start, end } = range;
  response.writeHead(206, {
    ...headers,
    'Content-Range': `bytes ${start}-${end}/${size}`,
    'Content-Length': end + 1 - start,
  });
  response.end(bytes.subarray(start, end + 1));
}
