import type { Plan, ServiceGraph } from '@underware/core';
import type { Barrier, Records, ServiceChangeRow, ServiceInstanceRow } from '@underware/store';
import { conflict, found } from '../../not-found.js';
import { giveBack, makeRoom } from '../residency/give-back.js';
import { renewDesired } from './desired-state.js';
import { concernedHosts, sameVnfs } from './slice-on-host.js';

/** A service on its way from one plan to another. */
export interface Changing {
  row: ServiceChangeRow;
  inForce: Plan;
  next: Plan;
  changesVnfs: boolean;
}

/** Undefined for a service that stays as it is. */
export async function changeOf(records: Records, service: string): Promise<Changing | undefined> {
  const row = await records.instances.change(service);
  if (row === null) return undefined;
  const instance = found(await records.instances.find(service), 'service instance', service);
  const inForce = await planOf(records, found(instance.planId, 'plan of service instance', service));
  const next = await planOf(records, row.planId);
  return { row, inForce, next, changesVnfs: !sameVnfs(inForce, next) };
}

/** The plan of a service that runs and is in no operation, or why it cannot be changed. */
export async function planToChange(
  records: Records,
  attempted: string,
  instance: ServiceInstanceRow,
): Promise<{ plan: Plan; graph: ServiceGraph }> {
  const { name, nsState, stage, planId, graph } = instance;
  if (nsState !== 'INSTANTIATED') {
    throw conflict(attempted, name, `it is ${nsState}`, 'Instantiate it first');
  }
  if (stage !== 'running' || planId === null || graph === null) {
    const why = 'its last operation was given up, and not all of it runs';
    throw conflict(attempted, name, why, 'Terminate it, then instantiate it again');
  }
  return { plan: await planOf(records, planId), graph };
}

/**
 * Keeps the plan that a service moves to. It takes what both plans name, so that it can go either way. No host is asked for
 * anything yet. Under the lock of planning. Throws STATE_CONFLICT where another service has something of it.
 */
export async function beginChange(
  records: Records,
  inForce: Plan,
  next: Plan,
  goal: Pick<ServiceChangeRow, 'nsdId' | 'graph' | 'inputs'>,
  at: Date,
): Promise<void> {
  await records.instances.savePlan(next);
  await records.assignments.take(next, inForce);
  await records.residency.begin(next, goal.nsdId, at);
  await makeRoom(records, Object.keys(next.slices), at);
  const { nsdId, graph, inputs } = goal;
  await records.instances.beginChange({
    nsInstanceId: next.service,
    planId: next.id,
    nsdId,
    graph,
    inputs,
    hosts: [],
    vnfs: 'all',
  });
}

/**
 * Asks all hosts of both plans, or only these, for their part: those of `hosts` for the new one, the others for the one in
 * force.
 */
export async function askChange(
  records: Records,
  { row, inForce, next }: Changing,
  asked: Pick<ServiceChangeRow, 'hosts' | 'vnfs'>,
  at: Date,
  concerned = concernedHosts(inForce, next),
): Promise<Barrier> {
  await records.instances.moveChange(row.nsInstanceId, asked);
  const generations = await renewDesired(records, concerned, at);
  const leaving = concerned.filter(
    (host) => (asked.hosts.includes(host) ? next : inForce).slices[host] === undefined,
  );
  return { generations, leaving, askedAt: at.toISOString() };
}

/**
 * The service stays with one of the two plans; what only the other one had is given back. Gives back the hosts that are to be
 * asked for something else by that.
 */
export async function endChange(
  records: Records,
  instance: ServiceInstanceRow,
  { row, inForce, next }: Changing,
  outcome: 'next' | 'in force',
  at: Date,
): Promise<string[]> {
  const [kept, left] = outcome === 'next' ? [next, inForce] : [inForce, next];
  await records.instances.endChange(instance.id);
  if (outcome === 'next') {
    const { planId, nsdId, graph, inputs } = row;
    await records.instances.update(instance.id, { planId, nsdId, graph, inputs });
  }
  return giveBack(records, instance, left, at, 'drop', kept);
}

async function planOf(records: Records, id: string): Promise<Plan> {
  return found(await records.instances.plan(id), 'plan', id);
}
