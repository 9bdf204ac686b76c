import { UnderwareError } from '@underware/core';
import type { DescriptorContent } from '@underware/client';
import { basename } from 'node:path';
import { descriptorToSend } from '../descriptor-to-send.js';
import { follow } from '../progress.js';
import type { Session } from '../session.js';
import { paintFor, printJson } from '../terminal.js';

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
  if (options.name !== undefined && (await isDeployed(session, options.name, { file, content, ...options })))
    return;
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

interface Wanted {
  file: string;
  content: DescriptorContent;
  input: Record<string, unknown>;
}

/** Whether the name runs exactly this already, so that a script may say it again. Throws where it is something else. */
async function isDeployed(
  session: Session,
  name: string,
  { file, content, input }: Wanted,
): Promise<boolean> {
  const { client, terminal } = session;
  const instance = (await client().instances()).find(({ nsInstanceName }) => nsInstanceName === name);
  if (instance === undefined) return false;
  if (instance.nsState === 'INSTANTIATED') {
    const { hosts } = await client().plan(file, content, input, { nsInstanceId: instance.id });
    const isSame = hosts.every(({ changes }) => changes.length === 0);
    const { operation } = await client().service(instance.id);
    if (isSame && operation === undefined) {
      if (terminal.json) printJson(terminal, { deployed: instance.id, already: true });
      else terminal.out(`${name} is deployed already, as ${file} says\n`);
      return true;
    }
    throw new UnderwareError({
      code: 'STATE_CONFLICT',
      attempted: 'deploy a service',
      on: name,
      why: isSame
        ? `operation ${operation ?? ''} of it has not come to its end`
        : `it runs, and is not what ${file} says`,
      remedy: isSame
        ? `Look at it with: underware operation ${operation ?? ''}`
        : `Give another --name, or make it so with: underware update ${name} ${file}`,
    });
  }
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
