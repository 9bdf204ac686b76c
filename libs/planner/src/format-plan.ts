import type {
  DesiredPort,
  DesiredInstance,
  HostCost,
  HostPlan,
  HostSlice,
  InventoryHost,
  Plan,
  PlanCosts,
} from '@underware/core';
import { instanceName, shortPort } from './compare-slices.js';
import { planByHost } from './plan-by-host.js';
import { percent } from './placement/explain.js';
import { compareText } from './stable-names.js';

/**
 * The plan for people: what every host becomes, what is done there for it, then every decision with its reason. `hosts`
 * says what is done; by default nothing is there yet but what the inventory holds.
 */
export function formatPlan(
  plan: Plan,
  inventory?: { hosts: readonly Pick<InventoryHost, 'id' | 'name' | 'held'>[] },
  hosts: readonly HostPlan[] = planByHost(plan, undefined, inventory),
): string {
  const names = new Map(inventory?.hosts.map(({ id, name }) => [id, name]));
  const lines = [`plan ${plan.id} of ${plan.graph.name} ${plan.graph.version} for service ${plan.service}`];
  if (plan.costs !== undefined) lines.push(formatCosts(plan.costs));
  for (const [host, slice] of Object.entries(plan.slices)) {
    lines.push('', `host ${names.get(host) ?? host}`, ...formatSlice(slice));
    const done = hosts.find((each) => each.host === host);
    if (done !== undefined) lines.push(...formatDone(done, slice));
  }
  lines.push('', 'because');
  for (const { subject, outcome, choice, reason } of plan.decisions) {
    lines.push(
      `  ${outcome === 'chosen' ? '+' : '-'} ${subject}: ${outcome === 'chosen' ? '' : 'not '}${choice} — ${reason}`,
    );
  }
  return `${lines.join('\n')}\n`;
}

/** How good the plan is: how full its fullest host is, and how much less that could be at best. */
function formatCosts({ peakShare, boundShare, boundBy, moved }: PlanCosts): string {
  const gap = boundShare === 0 ? 0 : peakShare / boundShare - 1;
  const proven =
    gap < 0.0005
      ? `no placement has less (by ${boundBy})`
      : `the bound is ${percent(boundShare)} (by ${boundBy}), a gap of ${percent(gap)}`;
  return `fullest host ${percent(peakShare)} used; ${proven}${moved === 0 ? '' : `; ${moved} VNFs move`}`;
}

/** What is done on a host, and what that takes of it. */
function formatDone({ loaded, reused, pinned, started, cost }: HostPlan, { instances }: HostSlice): string[] {
  const names = new Map(instances.map((instance) => [instance.key, instanceName(instance)]));
  const list = (verb: string, items: readonly string[]): string[] =>
    items.length === 0
      ? []
      : [`  ${verb.padEnd(9)} ${items.map((item) => names.get(item) ?? item).join(', ')}`];
  return [
    ...list('load', loaded),
    ...list('reuse', reused),
    ...list('pin', pinned),
    ...list('start', started),
    ...(cost === undefined ? [] : [`  cost      ${formatCost(cost)}`]),
  ];
}

function formatCost({ cpus, memoryBytes, pinnedBytes, instances, share }: HostCost): string {
  const pinned = pinnedBytes === 0 ? '' : `, ${pinnedBytes} bytes of kernel memory`;
  return `${cpus} cpus, ${memoryBytes} bytes, ${instances} plugin instances${pinned}; then ${percent(share)} used`;
}

function waysOut({ gateways = [] }: NonNullable<DesiredPort['peer']>): string {
  return gateways.length === 0 ? '' : ` by ${gateways.map(({ address }) => address).join(' ')}`;
}

function formatSlice({ ports, routes, instances, assertions, workloads }: HostSlice): string[] {
  const lines: string[] = [];
  for (const { key, device, mtu, peer } of ports) {
    const inside =
      peer === undefined
        ? ''
        : ` → ${peer.namespace} ${peer.device} ${peer.addresses.join(' ')}${waysOut(peer)}`;
    lines.push(`  port      ${shortPort(key)}  ${device}${inside}  mtu ${mtu}`);
  }
  for (const { destination, via } of routes) {
    lines.push(
      `  route     ${destination} ${'device' in via ? `device ${via.device}` : `next hop ${via.nextHop}`}`,
    );
  }
  for (const [chain, hops] of chains(instances)) {
    lines.push(`  chain     ${chain}: ${hops.map(formatInstance).join(' → ')}`);
  }
  for (const { name, port, hook, packet, expect } of assertions) {
    const to = packet.destinationPort === undefined ? '' : ` port ${packet.destinationPort}`;
    lines.push(
      `  assert    ${name}: ${packet.protocol} ${packet.source} to ${packet.destination}${to} on ${shortPort(port)} ${hook} ${expect === 'pass' ? 'passes' : 'drops'}`,
    );
  }
  for (const { vnf, runtime, image, command, cpus, memoryBytes } of workloads) {
    const what = runtime === 'container' ? `container ${image ?? ''}` : 'process';
    lines.push(`  workload  ${vnf}  ${what}  ${command.join(' ')}  ${cpus} cpus, ${memoryBytes} bytes`);
  }
  return lines;
}

function chains(instances: readonly DesiredInstance[]): [string, DesiredInstance[]][] {
  const byChain = new Map<string, DesiredInstance[]>();
  for (const instance of instances) {
    const chain = `${shortPort(instance.port)} ${instance.hook}`;
    byChain.set(chain, [...(byChain.get(chain) ?? []), instance]);
  }
  return [...byChain].sort(([a], [b]) => compareText(a, b));
}

function formatInstance({ underservice, plugin, program, order, residency, key }: DesiredInstance): string {
  return `${underservice} [${order} ${plugin.name}@${plugin.version} ${program} ${residency} ${key}]`;
}
