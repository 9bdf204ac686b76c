import { outlivesRevision, type DesiredInstance, type MapScope, type PluginManifest } from '@underware/core';

/** A map whose content goes on when its instance is replaced by another revision. */
export interface KeptMap {
  name: string;
  owner: string;
  /** Telemetry begins anew where its layout or size is another; state never does. */
  role: 'state' | 'telemetry';
}

const OWNER = /^(?:(host)-(.+)|(instance|service)-(.+)-[0-9a-f]{16})$/;

/** The maps of an instance that outlive it, and whose they are: instances with the same owner have them in common. */
export function keptMaps(instance: DesiredInstance, { maps }: PluginManifest): KeptMap[] {
  return Object.entries(maps).flatMap(([name, map]) =>
    outlivesRevision(map) && map.role !== 'config'
      ? [{ name, owner: ownerOf(instance, map.scope), role: map.role }]
      : [],
  );
}

/** What belongs to another plugin is never taken for one's own, whatever its maps are called. */
function ownerOf({ id, plugin, stateOwner }: DesiredInstance, scope: MapScope): string {
  if (scope === 'host') return `host-${plugin.name}`;
  return `${scope}-${plugin.name}-${scope === 'service' ? (stateOwner ?? id) : id}`;
}

/** The scope that an owner's name was made for, and of which plugin. */
export function scopeOf(owner: string): { scope: string; plugin: string } | undefined {
  const [, host, hostPlugin, scope = host, plugin = hostPlugin] = OWNER.exec(owner) ?? [];
  return scope === undefined || plugin === undefined ? undefined : { scope, plugin };
}
