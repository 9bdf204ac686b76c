import { generateKeyPair } from '@underware/plugin';
import { printTable } from '../render/table.js';
import { resolve } from '../resolve-id.js';
import { readInputFile } from '../read-file.js';
import type { EnrolledHost } from '@underware/client';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';
import type { Terminal } from '../terminal.js';

export async function listHosts({ client, terminal }: Session): Promise<void> {
  const hosts = await client().hosts();
  if (terminal.json) return printJson(terminal, hosts);
  const rows = hosts.map(({ name, ready, reason, facts, used, desiredGeneration, appliedGeneration, id }) => [
    name,
    ready ? 'ready' : `not ready: ${reason ?? '?'}`,
    facts?.profile.release ?? '',
    facts === undefined ? '' : `${used.cpus}/${facts.cpus}`,
    facts?.runtimes.map(({ runtime }) => runtime).join(', ') ?? '',
    facts?.uplinks.flatMap(({ addresses }) => addresses).join(' ') ?? '',
    `${appliedGeneration}/${desiredGeneration}`,
    id,
  ]);
  const head = ['NAME', 'STATE', 'KERNEL', 'CPUS USED', 'RUNTIMES', 'UPLINKS', 'GENERATION', 'ID'];
  printTable(terminal, head, rows, 'No hosts. Enrol one: underware hosts add NAME');
}

/** Enrols hosts; the tokens that are printed are shown this once. */
export async function addHosts(
  { client, terminal }: Session,
  names: string[],
  labels: Record<string, string>,
): Promise<void> {
  const enrolled: EnrolledHost[] = [];
  try {
    for (const name of names) {
      const host = await client().enrolHost(name, labels);
      enrolled.push(host);
      if (!terminal.json) printEnrolled(terminal, host);
    }
  } finally {
    // Those before one that is refused are enrolled, and nobody shows their tokens again.
    if (terminal.json && enrolled.length > 0) printJson(terminal, enrolled);
  }
}

function printEnrolled(terminal: Terminal, { id, name, token, queueUrl }: EnrolledHost): void {
  terminal.out(`${name} is enrolled. Give its agent these; the token is shown this once:\n`);
  terminal.out(`  UNDERWARE_HOST=${id}\n  UNDERWARE_QUEUE_URL=${queueUrl}\n  token: ${token}\n`);
}

export async function removeHost(
  { client, terminal }: Session,
  given: string,
  force: boolean,
): Promise<void> {
  const host = resolve('host', await client().hosts(), given, ({ name }) => name);
  await client().removeHost(host.id, force);
  if (terminal.json) printJson(terminal, { removed: host.id });
  else terminal.out(`${host.name} is removed\n`);
}

export async function listPlugins({ client, terminal }: Session): Promise<void> {
  const plugins = await client().plugins();
  if (terminal.json) return printJson(terminal, plugins);
  const rows = plugins.map(({ name, version, implements: kind, summary, digest, keyId }) => [
    `${name}@${version}`,
    kind,
    summary,
    digest.slice(0, 19),
    keyId.slice(0, 19),
  ]);
  printTable(
    terminal,
    ['PLUGIN', 'IMPLEMENTS', 'SUMMARY', 'DIGEST', 'SIGNED BY'],
    rows,
    'No plugins. Add one: underware plugins add FILE',
  );
}

export async function addPlugins({ client, terminal }: Session, files: string[]): Promise<void> {
  const added = [];
  for (const file of files) added.push(await client().onboardPlugin(await readInputFile(file)));
  if (terminal.json) return printJson(terminal, added);
  for (const { name, version, digest } of added)
    terminal.out(`${name}@${version} is onboarded as ${digest}\n`);
}

export async function removePlugin({ client, terminal }: Session, digest: string): Promise<void> {
  const plugins = (await client().plugins()).map((plugin) => ({ ...plugin, id: plugin.digest }));
  const plugin = resolve('plugin', plugins, digest, ({ name, version }) => `${name}@${version}`);
  await client().removePlugin(plugin.digest);
  if (terminal.json) printJson(terminal, { removed: plugin.digest });
  else terminal.out(`${plugin.name}@${plugin.version} is removed\n`);
}

/** Makes a key pair to sign packages with; the public half goes where orchestrator and agents look for trusted keys. */
export async function makeKey({ terminal }: Session, file: string): Promise<void> {
  const made = await generateKeyPair(file);
  if (terminal.json) return printJson(terminal, made);
  terminal.out(`Key ${made.keyId}\n  private  ${made.privateFile}\n  public   ${made.publicFile}\n`);
  terminal.out(
    'Put the public key into the directory that UNDERWARE_TRUSTED_KEYS names, on the orchestrator and every agent.\n',
  );
}
