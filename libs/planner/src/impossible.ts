import { UnderwareError } from '@underware/core';

/** No plan: `detail` has one line per host or port, each with every reason. */
export function impossible(
  on: string,
  why: string,
  remedy: string,
  detail: readonly string[] = [],
): UnderwareError {
  return new UnderwareError({
    code: 'PLAN_IMPOSSIBLE',
    attempted: 'plan the service',
    on,
    why,
    remedy,
    ...(detail.length === 0 ? {} : { detail: detail.join('\n') }),
  });
}
