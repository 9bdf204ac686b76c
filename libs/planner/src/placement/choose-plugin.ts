import { endsChain, programHook } from '@underware/core';
import type { Catalog, CatalogPlugin, Hook, InventoryHost } from '@underware/core';
import { listAt } from '../graph-index.js';
import { pluginKinds } from '../plugin-kind.js';
import { lacking } from '../preflight.js';
import { compareText } from '../stable-names.js';
import { compareVersions } from '../version-order.js';
import type { PluginsInForce } from './plugins-in-force.js';

/** Tail calls that the kernel allows in a row: the depth of a chain. */
export const CHAIN_DEPTH = 33;

export interface PluginChoice {
  /** With `why` where it is not for being the highest version. */
  chosen?: { plugin: CatalogPlugin; program: string; why?: string };
  rejected: { choice: string; reason: string }[];
}

/** What hosts run of a catalog, each decided once: for the time of one planning, in which neither changes. */
export class PluginChoices {
  private readonly byKind = new Map<string, CatalogPlugin[]>();
  private readonly byHost = new Map<InventoryHost, Map<string, PluginChoice>>();

  constructor(
    catalog: Catalog,
    private readonly inForce?: PluginsInForce,
  ) {
    for (const plugin of catalog.plugins)
      for (const kind of pluginKinds(plugin.manifest)) listAt(this.byKind, kind).push(plugin);
    for (const candidates of this.byKind.values()) candidates.sort(compareCandidates);
  }

  /**
   * What the service has already, else the highest version, that implements the kind and runs on the host; what came before it
   * is rejected with a reason.
   */
  choose(kind: string, hook: Hook, host: InventoryHost): PluginChoice {
    let choices = this.byHost.get(host);
    if (choices === undefined) this.byHost.set(host, (choices = new Map<string, PluginChoice>()));
    const key = `${hook} ${kind}`;
    let choice = choices.get(key);
    if (choice === undefined)
      choices.set(key, (choice = firstThatRuns(this.candidates(kind, hook, host), hook, host)));
    return choice;
  }

  private candidates(kind: string, hook: Hook, host: InventoryHost): readonly Candidate[] {
    const all: readonly Candidate[] = (this.byKind.get(kind) ?? []).map((plugin) => ({ plugin }));
    const wanted = this.inForce?.wanted(kind, hook, host.id) ?? [];
    if (wanted.length === 0) return all;
    const first = wanted.flatMap(({ digest, why }): Candidate[] => {
      const found = all.find(({ plugin }) => plugin.digest === digest);
      return found === undefined ? [] : [{ ...found, why }];
    });
    const named = new Set(first.map(({ plugin }) => plugin.digest));
    return [...first, ...all.filter(({ plugin }) => !named.has(plugin.digest))];
  }
}

interface Candidate {
  plugin: CatalogPlugin;
  why?: string;
}

function compareCandidates(a: CatalogPlugin, b: CatalogPlugin): number {
  return (
    compareVersions(b.manifest.version, a.manifest.version) ||
    compareText(a.manifest.name, b.manifest.name) ||
    compareText(a.digest, b.digest)
  );
}

function firstThatRuns(candidates: readonly Candidate[], hook: Hook, host: InventoryHost): PluginChoice {
  const rejected: PluginChoice['rejected'] = [];
  for (const { plugin, ...why } of candidates) {
    const program = programFor(plugin, hook);
    const missing =
      program === undefined ? [`it has no program for ${hook}`] : lacks(plugin, program, hook, host);
    if (program !== undefined && missing.length === 0)
      return { chosen: { plugin, program, ...why }, rejected };
    rejected.push({ choice: versionOf(plugin), reason: missing.join('; ') });
  }
  return { rejected };
}

export function versionOf({ manifest }: CatalogPlugin): string {
  return `${manifest.name}@${manifest.version}`;
}

function programFor({ manifest }: CatalogPlugin, hook: Hook): string | undefined {
  return manifest.programs.find((program) => program.hook === programHook(hook))?.name;
}

/** What the host lacks, in words that name it. */
function lacks(plugin: CatalogPlugin, program: string, hook: Hook, host: InventoryHost): string[] {
  const { requirements } = plugin;
  if (requirements.programs[program] === undefined) return [`its object has no program ${program}`];
  if (hook === 'xdp/egress' && endsChain(plugin.manifest))
    return ['it cannot hand packets on, and what a switch delivers has to go on'];
  const missing = lacking(requirements, program, hook, host.facts.profile);
  return missing.map((what) => `${host.name} lacks ${what} for program ${program}`);
}
