import type { HostPlan, Plan, ServiceGraph } from '@underware/core';
import { compile } from '@underware/descriptor';
import { drawPlan, formatPlan, plan, planByHost } from '@underware/planner';
import { explainPlan } from '@underware/solver';
import { readDescriptor } from '../descriptor-file.js';
import { descriptorToSend } from '../descriptor-to-send.js';
import { notValid } from '../not-valid.js';
import { describeChanges } from '../render/describe-changes.js';
import { resolve } from '../resolve-id.js';
import { readSavedInventory } from '../saved-inventory.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';

export interface PlanOptions {
  input: Record<string, unknown>;
  /** Saved: plan without an orchestrator. */
  inventory?: string;
  /** Id or name of the service instance that the plan is for. */
  instance?: string;
  /** Print it for Graphviz. */
  graph: boolean;
  /** All reasons, and how far it is from the best. */
  explain: boolean;
}

/** A plan with what it does on each host; names of hosts by id. */
interface Planned {
  plan: Plan;
  hosts: HostPlan[];
  hostNames: Record<string, string>;
  /** The plan that it is compared with. */
  inForce?: string;
}

/** The longest that a solver looks for a bound. */
const LONGEST_EXPLANATION_MS = 10_000;
/** The plan of nothing that is kept. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

export async function planFile(session: Session, file: string, options: PlanOptions): Promise<void> {
  const { terminal } = session;
  const made =
    options.inventory === undefined
      ? await planOnline(session, file, options)
      : await planOffline(file, options, options.inventory);
  const { plan: planned, hosts, hostNames, inForce } = made;
  const names = new Map(Object.entries(hostNames));
  if (terminal.json) {
    printJson(terminal, { ...planned, hostNames, hosts, ...(inForce === undefined ? {} : { inForce }) });
    return;
  }
  if (options.graph) {
    terminal.out(drawPlan(await graphOf(file, options.input), planned, names));
    return;
  }
  if (options.instance !== undefined) {
    terminal.out(
      `${options.instance} against ${inForce === undefined ? 'nothing: no plan is in force' : `plan ${inForce}`}\n`,
    );
    terminal.out(describeChanges(hosts, names));
    if (!options.explain) return;
    terminal.out('\n');
  }
  terminal.out(formatPlan(planned, { hosts: [...names].map(([id, name]) => ({ id, name })) }, hosts));
}

async function planOnline({ client }: Session, file: string, options: PlanOptions): Promise<Planned> {
  const { input, instance, explain } = options;
  const content = await descriptorToSend(file, input);
  const service =
    instance === undefined
      ? undefined
      : resolve('service instance', await client().instances(), instance, (each) => each.nsInstanceName);
  const { hostNames, hosts, inForce, ...made } = await client().plan(file, content, input, {
    ...(service === undefined ? {} : { nsInstanceId: service.id }),
    ...(explain ? { explain } : {}),
  });
  return { plan: made, hosts, hostNames, ...(inForce === undefined ? {} : { inForce }) };
}

async function planOffline(file: string, { input, explain }: PlanOptions, saved: string): Promise<Planned> {
  const { inventory, catalog } = await readSavedInventory(saved);
  const graph = await graphOf(file, input);
  const request = { planId: NOBODY, service: NOBODY };
  const now = new Date(0).toISOString();
  const made = explain
    ? await explainPlan(graph, inventory, catalog, request, now, LONGEST_EXPLANATION_MS)
    : plan(graph, inventory, catalog, request, now);
  return {
    plan: made,
    hosts: planByHost(made, undefined, inventory),
    hostNames: Object.fromEntries(inventory.hosts.map(({ id, name }) => [id, name])),
  };
}

/** Compiled here, with what it imports. */
async function graphOf(file: string, input: Record<string, unknown>): Promise<ServiceGraph> {
  const { source, findings, shown } = await readDescriptor(file);
  const compiled = source === undefined ? undefined : compile(source, input);
  const isWhole = findings.every(({ severity }) => severity !== 'error');
  if (isWhole && compiled?.graph !== undefined) return compiled.graph;
  const all = [...findings, ...(compiled?.findings ?? [])];
  throw notValid(
    file,
    all.map((finding) => ({ ...finding, file: shown(finding.file) })),
  );
}
