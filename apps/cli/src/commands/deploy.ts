import { validate } from '@underware/descriptor';
import { basename } from 'node:path';
import { follow } from '../progress.js';
import { readInputFile } from '../read-file.js';
import type { Session } from '../session.js';
import { paintFor } from '../terminal.js';
import { notValid } from './offline.js';

/** Onboards the descriptor, makes a service instance of it and waits until it runs, or until a person is needed. */
export async function deploy(
  session: Session,
  file: string,
  options: { input: Record<string, unknown>; name?: string },
): Promise<void> {
  const { terminal } = session;
  const text = (await readInputFile(file)).toString('utf8');
  const { valid, findings } = validate({ file, text }, options.input);
  if (!valid) throw notValid(file, findings, text);
  const client = session.client();
  const descriptor = await client.onboardDescriptor(file, text);
  const name =
    options.name ?? (await freeName(session, descriptor.nsdName ?? basename(file).replace(/\.ya?ml$/, '')));
  const instance = await client.createInstance(descriptor.id, name, '');
  const operation = await client.instantiate(instance.id, options.input);
  if (!terminal.json) terminal.out(`Service instance ${paintFor(terminal)('bold', name)} (${instance.id})\n`);
  const ended = await follow(session, operation);
  if (ended.operationState === 'COMPLETED' && !terminal.json)
    terminal.out(`Look at it:  underware show ${name}     End it:  underware terminate ${name}\n`);
}

/** The descriptor's name, with a number where an instance has it already. */
async function freeName({ client }: Session, wished: string): Promise<string> {
  const taken = new Set((await client().instances()).map(({ nsInstanceName }) => nsInstanceName));
  for (let i = 1; ; i++) {
    const name = i === 1 ? wished : `${wished}-${i}`;
    if (!taken.has(name)) return name;
  }
}
