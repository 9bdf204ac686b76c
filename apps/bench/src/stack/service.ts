import { followOperation } from '@underware/client';
import type { Operation, OperationStep, UnderwareClient } from '@underware/client';

/** Of the one VNF; a web server listens on `PORT`. */
export const ADDRESS = '10.61.0.10';
export const PORT = 8080;

/** A web server, with so many probes on what it sends. */
export function descriptor(probes: number): string {
  const meters = Array.from(
    { length: probes },
    (_, i) => `
    meter${i}:
      type: underware.nodes.Probe
      properties: { residency: dynamic }
      requirements:
        - port: { node: web_port, relationship: { properties: { directions: [outbound] } } }
`,
  );
  return `tosca_definitions_version: tosca_2_0
description: A web server behind ${probes} probes, to measure.
metadata:
  template_name: measured
  template_version: 1.0.0
service_template:
  node_templates:
    web:
      type: underware.nodes.Process
      properties:
        command: [/usr/local/bin/underware-demo, web, '${PORT}']
    web_port:
      type: underware.nodes.Port
      properties:
        addresses: [${ADDRESS}]
      requirements:
        - binding: web
        - link: net
    net:
      type: underware.nodes.Link
      properties:
        subnets: [10.61.0.0/24]
${meters.join('')}`;
}

/** How an instantiation went; times are those of the machine's clock in ms. */
export interface Deployment {
  requested: number;
  completed: number;
  /** In the order in which they began. */
  steps: TimedStep[];
}

export interface TimedStep {
  /** `load-instance`, `set-next`, … */
  kind: string;
  started: number;
  done: number;
}

/** Deploys the descriptor, calls `meanwhile` right before the request, and takes the service down again. */
export async function deployOnce<Result>(
  client: UnderwareClient,
  text: string,
  signal: AbortSignal,
  meanwhile: () => Promise<Result>,
): Promise<Deployment & { result: Result }> {
  const nsd = await client.onboardDescriptor('measured.yaml', text);
  const { id } = await client.createInstance(nsd.id, 'measured', 'to measure');
  const started = meanwhile();
  // Its failure is thrown where it is awaited.
  started.catch(() => undefined);
  const requested = Date.now();
  const { operation, steps } = await follow(client, await client.instantiate(id), signal);
  const result = await started;
  await follow(client, await client.terminate(id), signal);
  await client.deleteInstance(id);
  await client.deleteDescriptor(nsd.id);
  return { requested, completed: Date.parse(operation.statusEnteredTime), steps: timed(steps), result };
}

async function follow(
  client: UnderwareClient,
  id: string,
  signal: AbortSignal,
): Promise<{ operation: Operation; steps: OperationStep[] }> {
  const steps: OperationStep[] = [];
  let operation: Operation | undefined;
  for await (const progress of followOperation(client, id, { signal })) {
    if (progress.kind === 'step') steps.push(progress.step);
    else if (progress.kind === 'operation') operation = progress.operation;
  }
  if (operation?.operationState !== 'COMPLETED')
    throw new Error(
      `operation ${id} ended as ${String(operation?.operationState)}: ${operation?.error?.detail}`,
    );
  return { operation, steps };
}

function timed(steps: OperationStep[]): TimedStep[] {
  const done = new Map(
    steps.filter(({ status }) => status === 'done').map((step) => [step.name, Date.parse(step.at)]),
  );
  return steps
    .filter(({ status }) => status === 'started')
    .map(({ name, at }) => ({
      kind: name.split(' ')[0] ?? name,
      started: Date.parse(at),
      done: done.get(name) ?? Number.NaN,
    }))
    .sort((a, b) => a.started - b.started);
}
