import { UnderwareError } from '@underware/core';
import { basename } from 'node:path';
import { descriptorToSend } from '../descriptor-to-send.js';
import { follow } from '../progress.js';
import type { Session } from '../session.js';
import { paintFor } from '../terminal.js';

/**
 * Onboards the descriptor, makes a service instance of it and waits until it runs, or until a person is needed. What can be
 * known to fail is refused before anything is made.
 */
export async function deploy(
  session: Session,
  file: string,
  options: { input: Record<string, unknown>; name?: string },
): Promise<void> {
  const { terminal } = session;
  const content = await descriptorToSend(file, options.input);
  const client = session.client();
  if (options.name !== undefined) await refuseIfTaken(session, options.name);
  // A dry run: it throws the reasons of every host when there is no place for the service.
  await client.plan(file, content, options.input);
  const descriptor = await client.onboardDescriptor(file, content);
  const name =
    options.name ??
    (await freeName(session, descriptor.nsdName ?? basename(file).replace(/\.(?:ya?ml|csar|zip)$/i, '')));
  const instance = await client.createInstance(descriptor.id, name, '');
  const operation = await client.instantiate(instance.id, options.input);
  if (!terminal.json) terminal.out(`Service instance ${paintFor(terminal)('bold', name)} (${instance.id})\n`);
  const ended = await follow(session, operation);
  if (ended.operationState === 'COMPLETED' && !terminal.json)
    terminal.out(`Look at it:  underware show ${name}     End it:  underware terminate ${name}\n`);
}

async function refuseIfTaken({ client }: Session, name: string): Promise<void> {
  const instance = (await client().instances()).find(({ nsInstanceName }) => nsInstanceName === name);
  if (instance === undefined) return;
  throw new UnderwareError({
    code: 'STATE_CONFLICT',
    attempted: 'deploy a service',
    on: name,
    why: `service instance ${instance.id} has this name and is ${instance.nsState}`,
    remedy: `Give another --name, or: underware terminate ${name} && underware delete ${name}`,
  });
}

/** The descriptor's name, with a number where an instance has it already. */
async function freeName({ client }: Session, wished: string): Promise<string> {
  const taken = new Set((await client().instances()).map(({ nsInstanceName }) => nsInstanceName));
  for (let i = 1; ; i++) {
    const name = i === 1 ? wished : `${wished}-${i}`;
    if (!taken.has(name)) return name;
  }
}
