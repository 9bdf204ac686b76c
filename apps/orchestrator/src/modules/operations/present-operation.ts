import { actionsAllowedIn } from '@underware/core';
import type { Canary, OperationRow } from '@underware/store';
import type { CanaryDto, NsLcmOpOcc } from './operations.dto.js';

/**
 * `waitsFor` names the hosts that have not answered; nothing where the operation does not wait. `names` are of the hosts of its
 * canary by id.
 */
export function presentOperation(
  row: OperationRow,
  waitsFor: string[],
  names: ReadonlyMap<string, string> = new Map(),
): NsLcmOpOcc {
  const self = operationPath(row.id);
  const actions = actionsAllowedIn(row.state);
  const links = Object.fromEntries(actions.map((action) => [action, { href: `${self}/${action}` }]));
  return {
    id: row.id,
    operationState: row.state,
    statusEnteredTime: row.stateEnteredAt.toISOString(),
    nsInstanceId: row.nsInstanceId,
    lcmOperationType: row.type,
    startTime: row.startedAt.toISOString(),
    isAutomaticInvocation: false,
    operationParams: row.params,
    isCancelPending: false,
    phase: row.phase,
    allowedActions: actions,
    ...(row.barrier && waitsFor.length > 0
      ? { waitsFor: { hosts: waitsFor, since: row.barrier.askedAt } }
      : {}),
    ...(row.error === null ? {} : { error: row.error }),
    ...(row.canary === null ? {} : { canary: presentCanary(row.canary, names) }),
    _links: {
      self: { href: self },
      nsInstance: { href: `/nslcm/v1/ns_instances/${row.nsInstanceId}` },
      ...links,
    },
  };
}

function presentCanary(
  { hosts, band, since, verdict }: Canary,
  names: ReadonlyMap<string, string>,
): CanaryDto {
  const nameOf = (host: string): string => names.get(host) ?? host;
  return {
    hosts: hosts.map(nameOf).sort(),
    band,
    ...(since === undefined ? {} : { since }),
    ...(verdict === undefined ? {} : { outcome: verdict.outcome }),
    figures: (verdict?.figures ?? []).map((each) => ({ ...each, host: nameOf(each.host) })),
  };
}

export function operationPath(id: string): string {
  return `/nslcm/v1/ns_lcm_op_occs/${id}`;
}
