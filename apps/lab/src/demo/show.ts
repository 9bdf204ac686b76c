import { followOperation, waitText } from '@underware/client';
import type { Operation, OperationStep } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { REPOSITORY } from '../stack/layout.js';
import type { Stack } from '../stack/stack.js';
import { showService, underware } from './cli.js';
import { proveTraffic } from './proof.js';
import type { Counter, Proof } from './proof.js';
import type { Screen } from './screen.js';
import type { Showcase } from './showcase.js';
import { timelineOf } from './timeline.js';

const NAME = 'demo';

/** Deploys the example, shows each step as it happens, then what it proves. Returns the service's id. */
export async function showDeployment(
  stack: Stack,
  showcase: Showcase,
  screen: Screen,
  signal: AbortSignal,
): Promise<string> {
  const { file } = showcase;
  screen.title(`Deploying ${file}`);
  const text = await readFile(join(REPOSITORY, file), 'utf8');
  const descriptor = await stack.client.onboardDescriptor(file, text);
  const instance = await stack.client.createInstance(descriptor.id, NAME, '');
  const steps = await showOperation(stack, screen, await stack.client.instantiate(instance.id), signal);
  showTimeline(screen, steps);
  await showTraffic(stack, showcase, screen, instance.id, signal);
  return instance.id;
}

export async function showTermination(
  stack: Stack,
  screen: Screen,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  screen.title('Terminating the service');
  await showOperation(stack, screen, await stack.client.terminate(id), signal);
}

async function showOperation(
  stack: Stack,
  screen: Screen,
  id: string,
  signal: AbortSignal,
): Promise<OperationStep[]> {
  const steps: OperationStep[] = [];
  let last: Operation | undefined;
  for await (const progress of followOperation(stack.client, id, { signal })) {
    if (progress.kind === 'operation') {
      last = progress.operation;
      screen.line(`${last.lcmOperationType} ${last.operationState}: ${last.phase}`);
      continue;
    }
    if (progress.kind === 'waiting') {
      screen.line(`  waits for ${waitText(progress)}`);
      continue;
    }
    const { step } = progress;
    steps.push(step);
    // Both ends of a step would be twice the lines; when it began is of interest for what takes time or fails.
    if (step.status !== 'started' || step.name.startsWith('start-workload'))
      screen.line(`  ${step.hostName}  ${step.status.padEnd(7)}  ${step.title ?? step.name}`, step.at);
  }
  if (last?.operationState === 'COMPLETED') return steps;
  throw new UnderwareError(
    last?.error?.report ?? {
      code: 'INTERNAL',
      attempted: 'finish the operation',
      on: id,
      why: `it is ${last?.operationState ?? 'unknown'}`,
      remedy: "Read the orchestrator's log",
    },
  );
}

function showTimeline(screen: Screen, steps: OperationStep[]): void {
  screen.title('Proof: every kernel was conditioned before any VNF started');
  const { hosts, firstStart, holds } = timelineOf(steps);
  const started = firstStart === undefined ? NaN : Date.parse(firstStart);
  for (const { host, steps: count, assertions, conditionedAt } of hosts) {
    const ahead = started - Date.parse(conditionedAt);
    const say = ahead >= 0 ? screen.good : screen.bad;
    say(
      `${host}: conditioning finished at ${conditionedAt.slice(11, 23)} (${count} steps, ${assertions} of them assertions), ` +
        `${ahead} ms before the first VNF started at ${firstStart?.slice(11, 23)}`,
    );
  }
  if (!holds) throw unproven('that conditioning finished before any VNF started');
}

async function showTraffic(
  stack: Stack,
  showcase: Showcase,
  screen: Screen,
  id: string,
  signal: AbortSignal,
): Promise<void> {
  screen.title(`Proof: ${showcase.claim}`);
  const { workloads } = await showService(stack, id);
  for (const { vnf, hostName, runtime, state, health } of workloads)
    screen.line(
      `VNF ${vnf} runs on ${hostName} as a ${runtime} (${state}${health === 'none' ? '' : `, ${health}`})`,
    );
  screen.line(`VNFs run as ${stack.runtime}`);
  const proof = await proveTraffic(stack, id, showcase, signal);
  showProof(screen, showcase, proof);
  if (!proof.holds) throw unproven('that the firewalls do what the descriptor says');
  screen.title('The service as the command line shows it (underware show demo)');
  screen.text(await underware(stack, 'show', id));
}

function showProof(
  screen: Screen,
  { allowedPort, deniedPort }: Showcase,
  { tallies, firewalls }: Proof,
): void {
  screen.line('Connections that the client VNF tried from inside its own network namespace:');
  for (const { address, port, outcomes } of tallies) {
    const kind = port === allowedPort ? 'allowed' : port === deniedPort ? 'denied' : '';
    const came = Object.entries(outcomes).map(([outcome, times]) => `${outcome} (${times} times)`);
    const expected = Object.keys(outcomes).every(
      (outcome) => (outcome === 'ok 200') === (port === allowedPort),
    );
    (expected ? screen.good : screen.bad)(
      `${kind.padEnd(7)}  client → [${address}]:${port}  ${came.join(', ')}`,
    );
  }
  const show = (title: string, { name, before, after }: Counter): void =>
    screen.good(`${title}  ${name}: ${before} → ${after}`);
  for (const { host, plugin, port, allowed, denied, verdicts } of firewalls) {
    screen.line(`What the kernel of ${host} counted meanwhile in ${plugin} on ${port}, inbound (packets):`);
    show('allowed', allowed);
    show('denied ', denied);
    show('verdict', verdicts.pass);
    show('verdict', verdicts.drop);
  }
}

function unproven(what: string): UnderwareError {
  return new UnderwareError({
    code: 'INTERNAL',
    attempted: 'prove',
    on: what,
    why: 'what was seen says otherwise',
    remedy: 'Look at the lines above; this is a defect',
  });
}
