import type { Hook } from './hook.js';

/** Order classes of a chain, first to last on the way in; a plugin names one in its manifest. */
export const ORDER_CLASSES = {
  switch: 10,
  route: 20,
  balance: 30,
  translate: 40,
  guard: 100,
  observe: 200,
  filter: 300,
} as const;
export type OrderClass = keyof typeof ORDER_CLASSES;

export type MapRole = 'config' | 'state' | 'telemetry';
export type MapScope = 'instance' | 'service' | 'host';

export interface ManifestMap {
  role: MapRole;
  /** Whose the content is that outlives a revision: the instance's, or shared within its service or by the whole host. */
  scope: MapScope;
  /** Telemetry that goes on counting across revisions where its layout and size stay. */
  keep?: boolean;
  description: string;
}

/** Whether a map's content goes on when its instance is replaced by another revision. */
export function outlivesRevision({ role, keep }: ManifestMap): boolean {
  return role === 'state' || (role === 'telemetry' && keep === true);
}

/** Whether instances of the plugin share maps within their service: they are bound to it then. */
export function sharesWithService({ maps }: Pick<PluginManifest, 'maps'>): boolean {
  return Object.values(maps).some((map) => outlivesRevision(map) && map.scope === 'service');
}

/** How a program that was not written against the engine stands in a chain. */
export interface ThirdParty {
  /** Its own program array, to whose first entry it hands what it passes; without one nothing can come after it. */
  next?: string;
}

/** Whether nothing can come after the plugin, because it has no way to hand a packet on. */
export function endsChain({ thirdParty }: Pick<PluginManifest, 'thirdParty'>): boolean {
  return thirdParty !== undefined && thirdParty.next === undefined;
}

/** A plugin's manifest: `plugin.yaml` after parsing, JSON in the package. */
export interface PluginManifest {
  name: string;
  version: string;
  summary: string;
  license: string;
  /** The underservice it implements, e.g. `firewall`. */
  implements: string;
  order: OrderClass;
  /** Plugins, by name or by what they implement, that it must come before on the way in; goes above the order class. */
  before?: string[];
  /** The same for those that it must come after. */
  after?: string[];
  /** It passes no packet on: nothing can come after it. */
  final?: boolean;
  programs: { name: string; hook: 'xdp' | 'tcx' }[];
  maps: Record<string, ManifestMap>;
  /** Of a program that knows nothing of the engine: it counts no verdicts, and what it passes goes on by `next` alone. */
  thirdParty?: ThirdParty;
  /** Ring buffer of typed events: the map's name and the BTF struct of one record. */
  events?: { map: string; struct: string };
}

/** Derived from the ELF object, never declared. */
export interface PluginRequirements {
  /** By program name. `attach`: the hook its section names, `tcx` for both directions, `none` for no hook of a port. */
  programs: Record<
    string,
    { type: string; helpers: string[]; kfuncs: string[]; attach: Hook | 'tcx' | 'none' }
  >;
  mapTypes: string[];
  /** CO-RE relocations: kernel types and fields the object needs, e.g. `sk_buff.mark`. */
  coRe: string[];
  /** Needs /sys/kernel/btf/vmlinux (CO-RE relocations or kfuncs). */
  kernelBtf: boolean;
  /** Kernel memory that one instance pins, its maps at their default sizes; undefined: not known, counted as nothing. */
  memoryBytes?: number;
}

/** A plugin as the planner sees it. `digest` is `sha256:<64 hex>` of the signed manifest. */
export interface CatalogPlugin {
  digest: string;
  manifest: PluginManifest;
  requirements: PluginRequirements;
  keyId: string;
}

export interface Catalog {
  plugins: CatalogPlugin[];
}
