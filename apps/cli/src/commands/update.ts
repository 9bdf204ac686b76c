import type { DryRunPlan } from '@underware/client';
import { mergedInputs, UnderwareError } from '@underware/core';
import { descriptorToSend } from '../descriptor-to-send.js';
import { follow } from '../progress.js';
import { describeChanges } from '../render/describe-changes.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';
import { findInstance } from './services.js';

export interface UpdateOptions {
  input: Record<string, unknown>;
  /** Shows what would change, and changes nothing. */
  dryRun: boolean;
}

/** Makes a service that runs what a file says: shows the difference, then follows the operation until it rests. */
export async function update(
  session: Session,
  given: string,
  file: string,
  options: UpdateOptions,
): Promise<void> {
  const { terminal } = session;
  const client = session.client();
  const instance = await findInstance(session, given);
  const inputs = mergedInputs((await client.service(instance.id)).inputs, options.input);
  const content = await descriptorToSend(file, inputs);
  const planned = await client.plan(file, content, inputs, { nsInstanceId: instance.id });
  if (!terminal.json) terminal.out(differenceOf(planned));
  if (options.dryRun) {
    if (terminal.json) printJson(terminal, planned);
    return;
  }
  const descriptor = await client.onboardDescriptor(file, content);
  try {
    const operation = await client.update(instance.id, { nsdId: descriptor.id, inputs: options.input });
    await follow(session, operation);
  } finally {
    // Whichever of the two the service is not any more, or did not become.
    for (const id of [descriptor.id, instance.nsdId]) await client.deleteDescriptor(id).catch(keepIfUsed);
  }
}

function differenceOf({ hosts, hostNames }: DryRunPlan): string {
  return describeChanges(hosts, new Map(Object.entries(hostNames)));
}

/** Or where the orchestrator is away by now: then it stays, and holds up nothing. */
function keepIfUsed(error: unknown): void {
  const isExpected =
    error instanceof UnderwareError &&
    ['STATE_CONFLICT', 'NOT_FOUND', 'HOST_UNREACHABLE'].includes(error.code);
  if (!isExpected) throw error;
}
