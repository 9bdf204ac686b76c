import type { BackendChecks, CheckedBackend } from '@underware/core';
import { formatAddress } from '../prefix.js';
import type { Backend, BalancerModel } from './model.js';

/**
 * What agents look at: every backend that connections may begin with, at each of its addresses that clients are sent to.
 * Undefined where nothing is to be looked at.
 */
export function checksOf(
  { addresses, services, healthCheck }: BalancerModel,
  backends: readonly Backend[],
): BackendChecks | undefined {
  const service = services.find(({ protocol }) => protocol === 'tcp');
  if (healthCheck === undefined || service === undefined) return undefined;
  const { port: target = service.targetPort, ...check } = healthCheck;
  return {
    ...check,
    service: { addresses: addresses.map(formatAddress), port: service.port },
    backends: backends.flatMap(({ port, weight, id, addresses: own }, index): CheckedBackend[] => {
      const reached = addresses.flatMap(({ family }) => own[family] ?? []).map(formatAddress);
      if (weight === 0 || reached.length === 0) return [];
      return [{ name: port, id, index, addresses: reached, port: target }];
    }),
  };
}
