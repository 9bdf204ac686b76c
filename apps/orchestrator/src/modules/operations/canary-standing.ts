import type { Canary, CountsByHost, OperationRow, Records } from '@underware/store';
import { countedSince, countVerdicts, figuresOf, replacedOn } from '../upgrades/count-verdicts.js';
import type { Replaced } from '../upgrades/count-verdicts.js';
import { upgradeOf } from '../upgrades/upgrade-params.js';
import type { Changing } from './change-plan.js';
import { hostStanding } from './situation.js';
import type { CanaryStanding, OtherCanary } from './situation.js';

/** Undefined for what is not, or no longer, tried on a few hosts only. */
export async function canaryStanding(
  records: Records,
  { id, phase, rollingBack, canary, upgradeId, params, nsInstanceId }: OperationRow,
  change: Changing,
): Promise<CanaryStanding | undefined> {
  if (canary === null || rollingBack || !['measuring', 'canary', 'watching'].includes(phase))
    return undefined;
  const replaced = replacedOn(canary.hosts, change.inForce, change.next);
  const now = await countNow(records, replaced, 'next');
  const after = canary.from === undefined ? {} : countedSince(canary.from, now);
  const rows = await records.hosts.findMany(canary.hosts);
  const siblings = upgradeId === null ? [] : await records.operations.ofUpgrade(upgradeId);
  const others = siblings.filter((each) => each.id !== id);
  const { name, version } = upgradeOf(params) ?? { name: 'the plugin', version: '' };
  return {
    plugin: `${name}@${version}`,
    hosts: rows.map((row) => hostStanding(row, nsInstanceId)),
    band: canary.band,
    ...(canary.since === undefined ? {} : { since: Date.parse(canary.since) }),
    figures: figuresOf(replaced, canary.before ?? {}, after),
    ...(canary.judged === true ? { judged: canary.verdict?.outcome ?? 'unseen' } : {}),
    others: await Promise.all(others.map((each) => otherCanary(records, each))),
  };
}

/** The phase of observing that begins now: what stands on the counters is where it counts from. */
export async function beginObserving(
  records: Records,
  canary: Canary,
  { inForce, next }: Changing,
  phase: 'measuring' | 'watching',
): Promise<{ canary: Canary }> {
  const replaced = replacedOn(canary.hosts, inForce, next);
  const from = await countNow(records, replaced, phase === 'measuring' ? 'inForce' : 'next');
  return { canary: { ...canary, since: new Date().toISOString(), from } };
}

/** What was counted since measuring began. */
export async function measure(
  records: Records,
  { canary }: OperationRow,
  { inForce, next }: Changing,
): Promise<{ canary: Canary | null }> {
  if (canary === null) return { canary };
  const { since: _since, from = {}, ...rest } = canary;
  const replaced = replacedOn(canary.hosts, inForce, next);
  return { canary: { ...rest, before: countedSince(from, await countNow(records, replaced, 'inForce')) } };
}

async function countNow(
  records: Records,
  replaced: readonly Replaced[],
  which: keyof Replaced['keys'],
): Promise<CountsByHost> {
  const telemetry = await records.hosts.telemetry([...new Set(replaced.map(({ host }) => host))]);
  return countVerdicts(replaced, which, new Map(telemetry.map(({ hostId, body }) => [hostId, body])));
}

async function otherCanary(records: Records, row: OperationRow): Promise<OtherCanary> {
  const { state, rollingBack, canary } = row;
  const service = (await records.instances.find(row.nsInstanceId))?.name ?? row.nsInstanceId;
  if (rollingBack || state === 'FAILED') return { service, state: 'turned back' };
  // One that went on was judged before it did.
  if (canary?.judged !== true) return { service, state: 'on its way' };
  return { service, state: 'judged', outcome: canary.verdict?.outcome ?? 'unseen' };
}
