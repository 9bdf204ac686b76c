import { readFlowEnds } from '../flow-ends.js';
import type { PacketEvent } from '../underservice-kind.js';
import { FIREWALL_ACTIONS } from './compile.js';
import { readFirewall } from './model.js';
import { stableIds } from '../stable-ids.js';

/** A packet that a rule with `log` decided; a rule that the model has no more is told by its number. */
export function describeFirewallEvent(
  model: Record<string, unknown>,
  record: Record<string, unknown>,
): PacketEvent {
  const rule = firewallRuleName(model, Number(record['rule']));
  const action = Number(record['action']) === FIREWALL_ACTIONS.deny ? 'drop' : 'pass';
  const flow = readFlowEnds(record);
  return { what: `rule ${rule}`, rule, action, bytes: Number(record['bytes']), ...(flow ? { flow } : {}) };
}

/** What its author called the rule of this id; one that the model has no more is told by its number. */
export function firewallRuleName(model: Record<string, unknown>, id: number): string {
  const ids = stableIds(readFirewall(model).rules.map(({ name }) => name));
  return [...ids].find(([, each]) => each === id)?.[0] ?? `number ${id}`;
}
