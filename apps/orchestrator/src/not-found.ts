import { UnderwareError } from '@underware/core';

/** A thing that the caller named is not there. */
export function notFound(kind: string, id: string): UnderwareError {
  return new UnderwareError({
    code: 'NOT_FOUND',
    attempted: `find the ${kind}`,
    on: id,
    why: 'it does not exist',
    remedy: 'List what there is, it may have been deleted',
  });
}

/** Narrows what a query gave, or says that it is not there. */
export function found<T>(row: T | null | undefined, kind: string, id: string): T {
  if (row === null || row === undefined) throw notFound(kind, id);
  return row;
}

/** What was asked does not fit the state that the thing is in. */
export function conflict(attempted: string, on: string, why: string, remedy: string): UnderwareError {
  return new UnderwareError({ code: 'STATE_CONFLICT', attempted, on, why, remedy });
}
