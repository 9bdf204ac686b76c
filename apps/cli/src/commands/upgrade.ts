import type { Host, UpgradeRequest } from '@underware/client';
import { followEach } from '../progress.js';
import { describeChanges } from '../render/describe-changes.js';
import { resolve } from '../resolve-id.js';
import type { Session } from '../session.js';
import { printJson } from '../terminal.js';
import { findInstance } from './services.js';

export interface UpgradeOptions {
  /** Names of hosts, or a part of those concerned as `25%`. */
  canary?: string;
  service?: string[];
  /** Seconds. */
  window?: number;
  /** In points of a hundred. */
  tolerance?: number;
  errorTolerance?: number;
  minPackets?: number;
  dryRun: boolean;
}

/** Brings a version of a plugin to the services that have another one, and follows until all of them rest. */
export async function upgrade(session: Session, given: string, options: UpgradeOptions): Promise<void> {
  const { terminal } = session;
  const client = session.client();
  const plugins = (await client.plugins()).map((plugin) => ({ ...plugin, id: plugin.digest }));
  const { digest } = resolve('plugin', plugins, given, ({ name, version }) => `${name}@${version}`);
  const made = await client.upgradePlugin(digest, await requestOf(session, options));
  const { plugin, canary, services, hostNames } = made;
  if (!terminal.json) {
    const names = new Map(Object.entries(hostNames));
    for (const { nsInstanceName, hosts } of services)
      terminal.out(`service ${nsInstanceName}\n${describeChanges(hosts, names)}`);
    if (services.length === 0) terminal.out(`Every instance is ${plugin} already\n`);
    if (options.dryRun && canary.length > 0) terminal.out(`canary  ${canary.join(', ')}\n`);
  }
  const begun = services.flatMap(({ operation }) => operation ?? []);
  const operations = await followEach(session, begun);
  if (terminal.json) printJson(terminal, { ...made, operations });
}

async function requestOf(session: Session, options: UpgradeOptions): Promise<UpgradeRequest> {
  const { canary, service, dryRun, minPackets } = options;
  const instances = await Promise.all((service ?? []).map((each) => findInstance(session, each)));
  const hosts = canary === undefined ? [] : await session.client().hosts();
  const band = {
    ...(options.window === undefined ? {} : { windowSeconds: options.window }),
    ...(options.tolerance === undefined ? {} : { tolerance: options.tolerance / 100 }),
    ...(options.errorTolerance === undefined ? {} : { errorTolerance: options.errorTolerance / 100 }),
    ...(minPackets === undefined ? {} : { minPackets }),
  };
  return {
    ...(service === undefined ? {} : { services: instances.map(({ id }) => id) }),
    ...(canary === undefined ? {} : { canary: canaryOf(canary, hosts) }),
    band,
    dryRun,
  };
}

/** `10%` is a part, and so is `10` where no host has that name; else names of hosts with commas between. */
function canaryOf(given: string, hosts: readonly Host[]): NonNullable<UpgradeRequest['canary']> {
  const [, percent] = /^(\d+(?:\.\d+)?)%?$/.exec(given) ?? [];
  if (percent !== undefined && !hosts.some(({ name }) => name === given)) return { percent: Number(percent) };
  return {
    hosts: given.split(',').map((each) => resolve('host', hosts, each.trim(), ({ name }) => name).id),
  };
}
