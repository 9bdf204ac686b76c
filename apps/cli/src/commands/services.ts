import { isRunning } from '@underware/client';
import type { NsInstance } from '@underware/client';
import { UnderwareError } from '@underware/core';
import { follow } from '../progress.js';
import { nameCounters } from '../render/named-counters.js';
import type { NamedTree } from '../render/named-counters.js';
import { describeOperation, renderService } from '../render/service-tree.js';
import { printTable } from '../render/table.js';
import { resolve } from '../resolve-id.js';
import type { Session } from '../session.js';
import { paintFor, printJson } from '../terminal.js';

export async function listInstances({ client, terminal }: Session): Promise<void> {
  const [instances, summaries] = await Promise.all([client().instances(), client().services()]);
  const troublesOf = (id: string): string[] => summaries.find((each) => each.id === id)?.troubles ?? [];
  if (terminal.json)
    return printJson(
      terminal,
      instances.map((instance) => ({ ...instance, troubles: troublesOf(instance.id) })),
    );
  const unfinished = (await client().operations()).filter(
    (operation) => isRunning(operation) || operation.allowedActions.length > 0,
  );
  const rows = instances.map(({ id, nsInstanceName, nsState, nsdName, nsdVersion }) => {
    const operation = unfinished.find(({ nsInstanceId }) => nsInstanceId === id);
    return [
      nsInstanceName,
      nsState,
      troublesOf(id).join('; '),
      `${nsdName ?? '?'} ${nsdVersion ?? ''}`,
      id,
      operation === undefined ? '' : describeOperation(operation),
    ];
  });
  printTable(
    terminal,
    ['NAME', 'STATE', 'TROUBLE', 'DESCRIPTOR', 'ID', 'OPERATION'],
    rows,
    'No service instances. Deploy one: underware deploy FILE',
  );
}

export async function show(session: Session, given: string): Promise<void> {
  const { terminal } = session;
  const tree = await readTree(session, (await findInstance(session, given)).id);
  if (terminal.json) printJson(terminal, tree);
  else terminal.out(await renderNow(session, tree));
}

/** The tree with how its operation stands, and which hosts cannot be asked. */
async function renderNow({ client, terminal }: Session, tree: NamedTree): Promise<string> {
  const [hosts, operation] = await Promise.all([
    client().hosts(),
    tree.operation === undefined ? undefined : client().operation(tree.operation),
  ]);
  const around = { hosts, ...(operation === undefined ? {} : { operation }) };
  return renderService(tree, around, paintFor(terminal));
}

/** Draws the tree again whenever something of the service changed, until Ctrl-C; with --json one document a line. */
export async function watch(session: Session, given: string): Promise<void> {
  const { terminal, signal } = session;
  const { id } = await findInstance(session, given);
  const draw = async (): Promise<void> => {
    const tree = await readTree(session, id);
    if (terminal.json) terminal.out(`${JSON.stringify(tree)}\n`);
    else {
      const text = await renderNow(session, tree);
      terminal.clear();
      terminal.out(text);
    }
  };
  await draw();
  for await (const { event } of session.client().events({ service: id }, signal)) {
    if (event !== 'step') await draw();
  }
}

/** One that is down already is as it was asked to be. */
export async function terminate(session: Session, given: string): Promise<void> {
  const { client, terminal } = session;
  const { id, nsState, nsInstanceName } = await findInstance(session, given);
  // A failed instantiation is down for the API, yet holds things on hosts until it is retried or rolled back.
  const isDown = nsState === 'NOT_INSTANTIATED' && (await client().service(id)).operation === undefined;
  if (!isDown) return void (await follow(session, await client().terminate(id)));
  if (terminal.json) printJson(terminal, { terminated: id });
  else terminal.out(`${nsInstanceName} is already terminated\n`);
}

/** Forgets a service instance that was terminated, and its descriptor when nobody else uses it. */
export async function remove(session: Session, given: string, ifExists: boolean): Promise<void> {
  const instance = await findInstance(session, given).catch((error: unknown) => {
    if (ifExists && error instanceof UnderwareError && error.code === 'NOT_FOUND') return undefined;
    throw error;
  });
  if (instance === undefined) {
    if (session.terminal.json) printJson(session.terminal, { deleted: null });
    else session.terminal.out(`${given} does not exist\n`);
    return;
  }
  await session.client().deleteInstance(instance.id);
  await session.client().deleteDescriptor(instance.nsdId).catch(keepIfUsed);
  if (session.terminal.json) printJson(session.terminal, { deleted: instance.id });
  else session.terminal.out(`${instance.nsInstanceName} is deleted\n`);
}

export async function logs(
  session: Session,
  given: string,
  vnf: string | undefined,
  tail: number,
): Promise<void> {
  const { client, terminal } = session;
  const { id } = await findInstance(session, given);
  const tree = await client().service(id);
  const known = tree.placements.map((placement) => placement.vnf);
  if (vnf !== undefined && known.length > 0 && !known.includes(vnf)) {
    throw new UnderwareError({
      code: 'NOT_FOUND',
      attempted: 'read logs',
      on: vnf,
      why: `${tree.name} has no VNF of this name`,
      remedy: `Name one of its VNFs: ${known.join(', ')}`,
    });
  }
  const vnfs = vnf === undefined ? known : [vnf];
  const texts = await Promise.all(
    vnfs.map(async (name) => ({ vnf: name, text: await client().logs(id, name, tail) })),
  );
  if (terminal.json) return printJson(terminal, texts);
  for (const { vnf: name, text } of texts) {
    if (vnf === undefined) terminal.out(`${paintFor(terminal)('bold', `== ${name}`)}\n`);
    if (text === '') terminal.err(`${name} wrote nothing\n`);
    else terminal.out(text.endsWith('\n') ? text : `${text}\n`);
  }
}

export async function findInstance({ client }: Session, given: string): Promise<NsInstance> {
  return resolve(
    'service instance',
    await client().instances(),
    given,
    (instance) => instance.nsInstanceName,
  );
}

async function readTree({ client }: Session, id: string): Promise<NamedTree> {
  const tree = await client().service(id);
  const plan = tree.chains.length === 0 ? undefined : await client().planOf(id);
  return nameCounters(tree, plan);
}

function keepIfUsed(error: unknown): void {
  if (!(error instanceof UnderwareError) || error.code !== 'STATE_CONFLICT') throw error;
}
