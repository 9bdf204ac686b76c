import { UnderwareError } from '@underware/core';
import type { CatalogPlugin, Plan, ServiceGraph } from '@underware/core';

/** Throws PLAN_IMPOSSIBLE where the new plan is more, or less, than the old one with another version of a plugin. */
export function checkUpgrade(
  service: string,
  before: { plan: Plan; graph: ServiceGraph },
  next: Plan,
  { manifest, digest }: Pick<CatalogPlugin, 'digest' | 'manifest'>,
  nameOf: (host: string) => string,
): void {
  const version = `${manifest.name}@${manifest.version}`;
  const refuse = (why: string, remedy: string, detail: string[] = []): UnderwareError =>
    new UnderwareError({
      code: 'PLAN_IMPOSSIBLE',
      attempted: `upgrade to ${version}`,
      on: service,
      why,
      remedy,
      ...(detail.length === 0 ? {} : { detail: detail.join('\n') }),
    });

  const hostOf = new Map(before.plan.placements.map(({ vnf, host }) => [vnf, host]));
  const moved = next.placements.filter(({ vnf, host }) => hostOf.get(vnf) !== host);
  if (moved.length > 0) {
    const all = moved.map(({ vnf }) => `${vnf} cannot stay on ${nameOf(hostOf.get(vnf) ?? '')}`);
    const remedy = `Look at \`underware hosts\`, and at \`underware plan --instance ${service} --explain\``;
    throw refuse(all.join(', '), remedy);
  }
  const kinds = new Map(before.graph.underservices.map(({ name, kind }) => [name, kind]));
  const instances = Object.entries(next.slices).flatMap(([host, slice]) =>
    slice.instances.map((instance) => ({ host, ...instance })),
  );
  const ofPlugin = instances.filter(({ plugin }) => plugin.name === manifest.name);
  for (const { underservice, config } of ofPlugin) {
    const kind = kinds.get(underservice) ?? '';
    if (kind !== manifest.implements)
      throw refuse(
        `it implements ${manifest.implements}, ${underservice} is a ${kind}`,
        'Take another plugin',
      );
    const unknown = Object.keys(config.maps).find((name) => manifest.maps[name]?.role !== 'config');
    if (unknown === undefined) continue;
    const why = `the config of ${underservice} has entries for ${unknown}, which is no config map of its manifest`;
    throw refuse(why, 'Take a version that is made for this release of Underware');
  }
  const without = new Set(ofPlugin.filter(({ plugin }) => plugin.digest !== digest).map(({ host }) => host));
  if (without.size === 0) return;
  const reasons = next.decisions.filter(
    ({ outcome, choice, host = '' }) => outcome === 'rejected' && choice === version && without.has(host),
  );
  const names = [...without].map(nameOf).sort().join(', ');
  throw refuse(
    `${names} cannot run it: ${reasons[0]?.reason ?? 'it was not chosen there'}`,
    'Keep the version that runs there, or update the host; `underware plugins check` tells more',
    reasons.map(({ subject, reason }) => `${subject}: ${reason}`),
  );
}
